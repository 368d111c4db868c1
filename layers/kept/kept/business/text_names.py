"""The names of the texts, and to whom each goes."""

RUNNING_LATE = "running_late"
LETTERS = (
    "confirmation",
    "asked_for",
    "deposit_asked",
    "declined",
    "two_days",
    "at_risk",
    "same_day",
    "reminder",
    "rescheduled",
    "cancelled",
    "on_my_way",
    "missed_you",
    "missed_again",
    "missed_last",
    RUNNING_LATE,
    "made_good",
    "nobodys_fault",
    "dispute_upheld",
    "dispute_refused",
    "confirmed",
    "move_options",
    "waits",
    "received",
)
"""About a booking."""

REPLIES = frozenset({"confirmed", "move_options", "waits", "received"})
"""Those that answer what the client wrote."""

SURVEY, RECALL, DISMISSAL = "survey", "recall", "dismissal"
WAITLIST_JOINED, TIME_OFFERED, TIME_GONE = "waitlist_joined", "time_offered", "time_gone"
OF_WAITLIST = (WAITLIST_JOINED, TIME_OFFERED, TIME_GONE)
"""To who waits: that they do, that a time is held for them, and that somebody else has it."""
TURN_NEAR = "turn_near"
"""To who stands in the queue of today and waits elsewhere, as they asked."""
GREETINGS = (RECALL, "confirm_subscription", SURVEY, DISMISSAL, *OF_WAITLIST, TURN_NEAR)
"""About nothing they have booked."""

SAID_STOP, WRONG_NUMBER = "said_stop", "wrong_number"
GOODBYES = (SAID_STOP, WRONG_NUMBER)
"""The last word to a number: nothing of a visit, no link, and nobody's own words."""

CHANNEL_TRIAL = "channel_trial"
"""To whoever sets the business up, as one of its clients, to see that a channel carries."""
PLAIN_WORDS = (*GOODBYES, CHANNEL_TRIAL)
"""To be read and no more: no link, nothing of a visit, and nobody's own words."""

STAFF_ANSWER = "staff_answer"
"""What one of the staff writes to a client: in their own words, so it has no text."""

TO_CLIENTS = (*LETTERS, *GREETINGS)
CALL = "call"
"""What to say on the telephone about a booking; it stands on the staff's list."""

NOTICES = (
    "follow_up_reminder",
    "follow_up_breached",
    "follow_up_escalated",
    "staff_booked",
    "staff_moved",
    "staff_cancelled",
)
DAY_LIST, DAY_END = "day_list", "day_end"
"""What they have before them in the morning, and who of them came."""
DIGEST = "follow_up_digest"
FLOODED = "too_many_strangers"
"""To the business itself, about one day and nobody's visit."""
WEBHOOK_OFF = "webhook_off"
"""To the business itself: an address that hears of its events hears of no more."""
TRIAL = "trial"
"""To whoever sets the business up, to see that letters arrive."""
WEEK_FIGURES = "week_figures"
"""To the business itself on Monday mornings: how the week went."""
TO_STAFF = (*NOTICES, DAY_LIST, DAY_END, DIGEST, FLOODED, WEBHOOK_OFF, TRIAL, WEEK_FIGURES)
TEXTS = (*TO_CLIENTS, *PLAIN_WORDS, CALL, *TO_STAFF)

TO_PREPARE_FOR = frozenset({"confirmation", "two_days", "at_risk", "same_day", "reminder", "rescheduled", "confirmed"})
"""Those from which a client goes on to the visit: they are told what to bring, and can move or cancel with a key."""

OWN_STAGES = "reminder"
"""The text of the stages that a business adds itself."""

WECHAT_ONCE = "wechat_once"
"""Stands for the channel among a business's templates, for those that go by one-time subscription."""

BY_SUBSCRIPTION = (OWN_STAGES, RECALL)
