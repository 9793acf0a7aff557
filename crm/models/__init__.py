from crm.models.activities import NOT_TALKED, Activity, ActivityKind, ActivityResult, ActivityTimeline, Direction
from crm.models.base import Source
from crm.models.companies import Company, CompanyTimeline
from crm.models.contacts import Contact, ContactEmail, ContactPhone, ContactTimeline, Employment
from crm.models.contracts import (
    Complaint,
    ComplaintKind,
    ComplaintStatus,
    ComplaintTimeline,
    Contract,
    ContractStatus,
    ContractTimeline,
    Purchase,
    PurchaseKind,
)
from crm.models.custom import CustomEntry, CustomField, CustomKind, Noun
from crm.models.deals import Deal, DealPeriod, DealProduct, DealStatus, DealTimeline
from crm.models.downloads import Download, DownloadStatus
from crm.models.files import File
from crm.models.merging import DuplicatePair, DuplicateSearch, Merge, PairStatus
from crm.models.pipelines import LossReason, Pipeline, Product, Stage, StageColour, Tag
from crm.models.presence import CompanyTagPeriod, DealProductPeriod, FilePeriod, ProductGroupPeriod, StagePeriod
from crm.models.segments import MassAssignment, MassTask, Segment
from crm.models.settings import CompanySettings, NextStep, SavedView, StandardView
from crm.models.shares import Grant, Share
from crm.models.tasks import CleanTransfer, Task, TaskKind, TaskPeriod, TaskStatus, TaskTimeline
from crm.models.working import BulkChange, CalendarFeed, EntryForm, EntryTime, Mention, QueueMark

__all__ = [
    "NOT_TALKED",
    "Activity",
    "ActivityKind",
    "ActivityResult",
    "ActivityTimeline",
    "BulkChange",
    "CalendarFeed",
    "CleanTransfer",
    "Company",
    "CompanySettings",
    "CompanyTagPeriod",
    "CompanyTimeline",
    "Complaint",
    "ComplaintKind",
    "ComplaintStatus",
    "ComplaintTimeline",
    "Contact",
    "ContactEmail",
    "ContactPhone",
    "ContactTimeline",
    "Contract",
    "ContractStatus",
    "ContractTimeline",
    "CustomEntry",
    "CustomField",
    "CustomKind",
    "Deal",
    "DealPeriod",
    "DealProduct",
    "DealProductPeriod",
    "DealStatus",
    "DealTimeline",
    "Direction",
    "Download",
    "DownloadStatus",
    "DuplicatePair",
    "DuplicateSearch",
    "Employment",
    "EntryForm",
    "EntryTime",
    "File",
    "FilePeriod",
    "Grant",
    "LossReason",
    "MassAssignment",
    "MassTask",
    "Mention",
    "Merge",
    "NextStep",
    "Noun",
    "PairStatus",
    "Pipeline",
    "Product",
    "ProductGroupPeriod",
    "Purchase",
    "PurchaseKind",
    "QueueMark",
    "SavedView",
    "Segment",
    "Share",
    "Source",
    "Stage",
    "StageColour",
    "StagePeriod",
    "StandardView",
    "Tag",
    "Task",
    "TaskKind",
    "TaskPeriod",
    "TaskStatus",
    "TaskTimeline",
]  # fmt: skip
