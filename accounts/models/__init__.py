from accounts.models.events import AccessEvent, EventKind
from accounts.models.memberships import Membership
from accounts.models.teams import Team
from accounts.models.tokens import ApiToken
from accounts.models.users import User
from accounts.roles import Role

__all__ = ["AccessEvent", "ApiToken", "EventKind", "Membership", "Role", "Team", "User"]
