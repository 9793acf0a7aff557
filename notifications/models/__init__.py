from notifications.models.messages import Channel, Delivery, DeliveryStatus, Message

__all__ = ["Channel", "Delivery", "DeliveryStatus", "Message"]
