"""Whoever was told that they were missed and was not: "I was there", 「我来了的」.

It only says to whom the words go, for a person reads them in any case; so it rather finds too much than too little. A
question, a wish or a time to come is none of it.
"""

import re

from kept.messaging.replies.spelling import plain

SAID = re.compile(
    r"\b(?:i|we|she|he|my \w+) (?:was|were|did (?:come|show|turn up|attend)|had been|have been|came|turned up|showed up"
    r"|attended|arrived|waited|stood|sat|checked in|got there)\b"
    r"|\b(?:i'?ve|we'?ve) been (?:there|here|to (?:the|your))\b"
    r"|\b(?:did ?n[o']?t|did not|never) miss(?:ed)? (?:it|that|this|my|the|our|any)\b"
    r"|\b(?:was|were) (?:definitely |actually |really )?(?:there|here|in the (?:salon|shop|clinic|waiting room))\b"
    r"|\b(?:your|the) (?:door|shop|salon|garage|clinic|place|office) was (?:closed|locked|shut)\b"
    r"|\b(?:nobody|no ?one) (?:was (?:there|here)|opened|answered the door|served me|came)\b"
    r"|\byou (?:were|was) (?:closed|shut|not there|late)\b"
)
PLACE = re.compile(
    r"\b(?:there|here|salon|shop|garage|clinic|door|waiting room|reception|desk|come|came|show|showed up"
    r"|turned up|turn up|attend|attended|arrived|waited|missed?|closed|locked|shut|opened|checked in|served|late)\b"
)
SAID_ZH = re.compile(
    r"我(?:们|当时|那天|昨天|今天|明明|其实|确实|真的|已经|都|是|有|按时|准时|就|早就)*"
    r"(?:来了|来过|到了|到过|去了|去过|在店里|在门口|在场|来的|到的|到店|赴约|等了|没有?(?:爽约|失约|缺席|迟到))"
    r"|(?:你们|店里?|店门|门)(?:当时|那天|昨天|今天|都|就|是)*(?:关门|关着|锁着|没开|没人|不在)"
    r"|没有?人(?:接待|开门|招呼|理我)|(?:弄|搞|记|标)错了"
)
TO_COME = re.compile(
    r"\b(?:i will|i'll|will be|be there|on my way|can i|could i|may i|when)\b|明天|下次|待会|马上|快到|一会"
)


def says_they_came(text: str) -> bool:
    said = plain(text)
    if TO_COME.search(said):
        return False
    return bool(SAID_ZH.search(said)) or bool(SAID.search(said) and PLACE.search(said))
