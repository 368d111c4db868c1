"""One gate for each provider, shared by every sender: when its next turn is, and until when it is shut."""

from dataclasses import replace

from kept.messaging.circuit_breaker import Gate
from kept.storage.codec import from_json, to_json
from kept.storage.tables import GateItem
from kept.storage.transaction import alone


def load(name: str) -> Gate:
    """As it is, or open and unused."""
    try:
        item = GateItem.get(name, consistent_read=True)
    except GateItem.DoesNotExist:
        return Gate(name)
    return replace(from_json(Gate, item.body), revision=int(item.revision))


def put(gate: Gate) -> None:
    """Raises Lost."""
    unchanged = GateItem.revision == gate.revision if gate.revision else GateItem.name.does_not_exist()
    with alone():
        GateItem(gate.name, revision=gate.revision + 1, body=to_json(gate)).save(condition=unchanged)
