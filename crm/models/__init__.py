from crm.models.activities import NOT_TALKED, Activity, ActivityKind, ActivityResult, ActivityTimeline, Direction
from crm.models.base import Source
from crm.models.companies import Company, CompanyTimeline
from crm.models.contacts import Contact, ContactEmail, ContactPhone, ContactTimeline, Employment
from crm.models.deals import Deal, DealPeriod, DealProduct, DealStatus, DealTimeline
from crm.models.files import File
from crm.models.pipelines import LossReason, Pipeline, Product, Stage, StageColour, Tag
from crm.models.presence import CompanyTagPeriod, DealProductPeriod, FilePeriod, ProductGroupPeriod, StagePeriod
from crm.models.settings import CompanySettings, NextStep, SavedView
from crm.models.shares import Grant, Share
from crm.models.tasks import CleanTransfer, Task, TaskKind, TaskPeriod, TaskStatus, TaskTimeline

__all__ = [
    "NOT_TALKED", "Activity", "ActivityKind", "ActivityResult", "ActivityTimeline", "CleanTransfer", "Company", "CompanySettings",
    "CompanyTagPeriod", "CompanyTimeline",
    "Contact", "ContactEmail", "ContactPhone", "ContactTimeline", "Deal", "DealPeriod", "DealProduct", "DealProductPeriod", "DealStatus", "DealTimeline",
    "Direction", "Employment", "File", "FilePeriod", "Grant", "LossReason", "NextStep", "Pipeline", "Product", "ProductGroupPeriod", "SavedView", "Share",
    "Source", "Stage", "StageColour", "StagePeriod", "Tag", "Task", "TaskKind", "TaskPeriod", "TaskStatus", "TaskTimeline",
]  # fmt: skip
