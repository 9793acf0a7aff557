from accounts.models.memberships import Membership
from accounts.models.teams import Team
from accounts.models.users import Role, User

__all__ = ["Membership", "Role", "Team", "User"]
