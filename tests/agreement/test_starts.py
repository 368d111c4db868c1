"""What the start of a function does not wait for: its first answer needs none of it.

Each needless package is named with what needs it. A function imports those at first use (CONTRIBUTING, "What a start
waits for") or not at all.
"""

import os
import subprocess
import sys

import pytest

from infra.local.place import ROOT

NEEDED_FOR = {
    "boto3": "other AWS services than the tables",
    "icalendar": "a calendar that is asked for",
    "holidays": "the settings of a year's closed days",
    "email_validator": "an address that is typed",
    "phonenumbers": "a number that is typed",
    "pypinyin": "the search index",
    "segno": "a code to be printed",
    "stripe": "paying online",
    "kept.clients.search_tokens": "the search index",
    "kept.use_cases.insight": "the letter of the week, and the page of figures",
    "kept.messaging.channels": "sending",
    "kept.use_cases.messaging.client_message": "composing what is sent",
    "kept.use_cases.messaging.staff_message": "composing what is sent",
    "kept.use_cases.policy.dismissing": "dismissing a client, and whoever books again after it",
    "kept.messaging.texts": "composing what is sent",
    "jinja2": "texts, pages, and a reason with a time in it",
    "babel": "texts, pages, and a reason with a time in it",
    "kept.use_cases.business.things_aside": "what was set aside",
    "kept.insight": "the page of figures, and how long visits take",
    "kept.waiting_room": "the queue",
    "kept.waitlist": "who waits for time to come free",
    "kept.follow_up": "what staff have to do, and a change of a visit, which may end it",
    "kept.messaging.decision": "sending, and the desk's preview of a move",
    "kept.events": "events for other systems",
    "kept.business.validation": "settings that are saved",
}
"""In the order in which the functions below come to need them."""
NEEDLESS = list(NEEDED_FOR)
OF_PAGES = set(NEEDLESS[: NEEDLESS.index("jinja2")])
"""Client pages are drawn, and lead everywhere else."""
OF_THE_DESK = {*OF_PAGES, "jinja2", "babel", "kept.use_cases.business.things_aside"}
OF_MESSAGES = {*NEEDLESS[: NEEDLESS.index("kept.messaging.channels")]}
NOT_LOADED = {
    "booking": set(NEEDLESS),
    "my_appointment": set(NEEDLESS) - {"kept.follow_up"},
    "front_desk": OF_THE_DESK,
    "client_pages": OF_PAGES,
    "message_sender": OF_MESSAGES,
    "reminder_worker": set(NEEDLESS),
    "attendance_worker": set(NEEDLESS) - {"kept.follow_up"},
    "follow_up_worker": set(NEEDLESS) - {"kept.follow_up"},
}
LOADED = "import sys, {function}; print(*sys.modules)"


@pytest.mark.parametrize(("function", "needless"), NOT_LOADED.items(), ids=NOT_LOADED)
def test_a_start_does_not_import_what_its_first_answer_does_not_need(function: str, needless: set[str]) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(map(str, (ROOT / "functions", ROOT / "layers" / "kept"))),
        "TABLE_PREFIX": "kept",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    asked = [sys.executable, "-c", LOADED.format(function=function)]
    said = subprocess.run(asked, env=environment, capture_output=True, text=True, check=True)
    assert {name: NEEDED_FOR[name] for name in needless & set(said.stdout.split())} == {}
