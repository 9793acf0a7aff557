from notifications.models.messages import Channel, Delivery, DeliveryStatus, Message
from notifications.models.rounds import Round
from notifications.models.settings import AlertSetting, QuietHours

__all__ = ["AlertSetting", "Channel", "Delivery", "DeliveryStatus", "Message", "QuietHours", "Round"]
