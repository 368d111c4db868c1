"""An endpoint that is due is called by a function of its own, which is asked and not waited for.

It has its own processes and permissions, and runs once for an endpoint however much is due there: so a receiver that
takes a quarter of a minute for each answer keeps no other work of ours waiting. Asked in vain, or twice, it does no
harm: the endpoint stays due until it was called, and whoever comes second finds its lease taken.
"""

import json

from kept.runtime import aws
from kept.settings import setting


def ask(business: str, endpoint: str) -> None:
    payload = json.dumps({"business": business, "endpoint": endpoint})
    aws("lambda").invoke(FunctionName=setting("WEBHOOK_SENDER"), InvocationType="Event", Payload=payload)
