"""Somebody else's telephone: "you have the wrong number", "this isn't Anna", 「打错了」.

Stated, and nothing else but courtesies and who they are not; whoever asks ("who is this?", "wrong number?") or says
more is read by a person. A name counts where it is written as one or is the client's own: "this isn't fair" is none.
"""

import re

from kept.messaging.replies.spelling import plain

WHOSE = r"(?:number|phone|phone number|cell|cell phone|mobile|mobile number)"
IS_NOT = r"(?:'s not| is not| isn't| isnt)"
YOU = r"(?:i think |i believe |i'm afraid |looks like |seems |sorry )?(?:you|u|you've|you have|you guys)"
STATED = "|".join(
    (
        (
            rf"(?:{YOU} )?(?:(?:'ve|have|has|had|have got|has got|texted|messaged|called|reached|dialled|dialed"
            r"|sent this to|sent it to|are texting|are messaging|must have) )*(?:got )?(?:the )?"
            r"wrong (?:number|person|phone|phone number|contact|recipient)"
        ),
        r"(?:this|it|that)(?:'s| is|s) (?:the |a )?wrong (?:number|person|phone|phone number)",
        rf"(?:this|it){IS_NOT} (?:her|his|their|the right|that person's) {WHOSE}(?: any ?more)?",
        rf"(?:this|it){IS_NOT} the (?:right )?person you(?:'re| are) looking for",
        r"(?:i am|i'm|im) not (?:her|him|that person|(?:the person |who )you(?:'re| are) looking for)",
        (
            r"(?:there is |there's |theres )?(?:nobody|no one|noone|no-one) (?:here )?(?:by|with|of|called) that name"
            r"(?: here| lives here)?"
        ),
        (
            r"(?:she|he|they) (?:no longer|doesn't|does not|don't|do not) (?:has|have|uses|use|owns|own) "
            rf"this {WHOSE}(?: any ?more)?"
        ),
        rf"(?:this|it) (?:used to be|was) (?:her|his|their) {WHOSE}",
        (
            rf"(?:i|we) (?:just |only |recently )?(?:got|have|bought) this {WHOSE}"
            r"(?: recently| new| last \w+| this \w+| a \w+ ago)?"
        ),
        rf"(?:this|it){IS_NOT} my (?:phone|number)",
    )
)
NAMED = re.compile(
    r"(?:(?:this|it)(?:'s not| is not| isn't| isnt)|(?:i am|i'm|im) not|wrong number i'm not|not)"
    r" (?P<name>[^\W\d_][\w-]*(?: [^\W\d_][\w-]*)?)(?:'s (?:number|phone|mobile|cell))?(?: here| anymore| any more)?"
)
OF_THE_CLIENT = re.compile(
    rf"this {WHOSE} (?:does not|doesn't|doesnt|no longer) belongs? to (?P<a>[^\W\d_][\w-]*(?: [^\W\d_][\w-]*)?)"
    r"|(?:there is|there's|theres) (?:no|not any|nobody called|no one called) (?P<b>[^\W\d_][\w-]*(?: [^\W\d_][\w-]*)?)"
    r"(?: at this number)?"
    rf"|this is (?:no longer|not) (?P<c>[^\W\d_][\w-]*(?: [^\W\d_][\w-]*)?)'s {WHOSE}(?: any ?more)?"
    r"|(?:这里|这儿|我们这|我们这里)?(?:没有|没)(?P<d>[\u4e00-\u9fff]{2,4}?)(?:这个人|这人|此人)"
    r"|(?:这|这个)?号码(?:不是|已经不是|早就不是)(?P<e>[\u4e00-\u9fff]{2,4}?)(?:的|的了|了)"
)
"""What says so of any name, and is believed of the client's alone: "there is no parking here" is none."""
ASIDE = re.compile(
    r"(?:sorry|so sorry|hi|hello|hey|hi there|oh|no|nope|um|er|ok|please|pls|thanks|thank you|cheers|mate|love|dear"
    r"|buddy|friend|sorry mate|sorry love|i think|my bad|just so you know|fyi|good luck|have a good day"
    r"|have a nice day|bye"
    r"|no worries|no problem|please check"
    r"|please check (?:your|the) (?:number|records|list)|please delete (?:it|me|this)"
    r"|please update your (?:records|list)|wrong number|i don't know (?:her|him|them|you|any (?:salon|clinic|business))"
    r"|不好意思|抱歉|对不起|您好|你好|谢谢|麻烦|请核对|请核实|请查一下|请核实号码|不客气|没事|我不认识(?:她|他|你们|这个人)?)"
)
TITLE = re.compile(
    r"(?:you(?:'ve| have)? (?:got )?)?(?:the )?wrong (?:number|no|num|nr|#)"
    r"(?: mate| love| buddy| dear| sorry| pal| friend| man)?"
)
STATED_ZH = re.compile(
    r"(?:你|您|你们|您们|应该|可能是|应该是|是|这|这个)*(?:们)?(?:发|打|弄|搞|找|拨|填|留|记)错"
    r"(?:号码|号|人|电话|信息|短信|手机号)?(?:了|啦|咯|喽)+"
    r"|(?:你|您|你们)?(?:发|打|找|拨)错(?:号码|号|人|电话)"
    r"|(?:这|这个|你这个|您这个|电话|这电话)?(?:号码|号|手机号|手机|电话)(?:是)?(?:错了|错的|错误的)"
    r"|(?:这|这个)?号码(?:不是|已经不是|早就不是)(?:她|他|本人|这个人|那个人)(?:的|的了|了)"
    r"|(?:这|这个)?(?:不是|已经不是)(?:她|他|本人|您要找的人|你要找的人)的?(?:号码|手机|电话|手机号)(?:了)?"
    r"|我不是(?:她|他|本人|机主|你要找的人|您要找的人|你们要找的人|这个人|那个人)"
    r"|(?:这里|这儿|我们这|我们这里)?(?:没有|没)(?:这个人|这人|你说的人|您说的人|你要找的人|您要找的人)"
    r"|(?:这|这个)?号码(?:已经)?换(?:人|主人|机主)了|我是(?:新机主|新的机主)|(?:这|这个)?号码我刚(?:换|买|办)的?"
    r"|查无此人|(?:你|您)?找错人|(?:我)?非本人(?:号码|手机|手机号)?"
)
NAMED_ZH = re.compile(
    r"(?:我不是|我不叫|这不是|这里没有|没有叫|这里没有叫)(?P<name>[\u4e00-\u9fff]{2,4}?)(?:的(?:号码|手机|电话|手机号)(?:了)?)?"
)
ASKS = re.compile(
    r"[?？]|吗|(?:了|人|的)吧|是不是|\b(?:who|is this|are you|did you|do you)\b|谁|maybe|perhaps|也许|会不会"
)
BEFORE = re.compile(r"^(?:sorry|hi|hello|hey|oh|no|um|hi there|不好意思|您好|你好|抱歉)(?![a-z])\s*")
CLAUSE = re.compile(r"[,.;!:\n，。；！：、…~～()（）-]+(?:\s|$)|[，。；！：、…～\n!,]+| - ")
NO_NAMES = frozenset(
    re.findall(
        r"\w+",
        "my the a an her his their your our good fair right ok okay fine sure possible me working true it "
        "here there now coming going able free available well happy sorry today tomorrow monday tuesday "
        "wednesday thursday friday saturday sunday confirmed urgent convenient what that this him us great "
        "ideal acceptable funny early late ",
    )
)


def is_wrong_number(own: str, name: str = "") -> bool:
    """Of what they wrote themselves, in the letters in which they wrote it; `name` is the client's we wrote to."""
    if ASKS.search(plain(own)):
        return False
    said = [part.strip() for part in CLAUSE.split(own) if part and part.strip()]
    stated = [part for part in said if _states(part, name)]
    return bool(stated) and all(part in stated or ASIDE.fullmatch(plain(part)) for part in said)


def _states(part: str, name: str) -> bool:
    words = re.sub(
        r"^(?:sorry|hi|hello|hey|oh|no|um|hi there|不好意思|您好|你好|抱歉)(?![a-z])\s*", "", plain(part).strip()
    )
    words = re.sub(r"\s+(?:sorry|thanks|thank you|mate|love|buddy|pal|here)$", "", words)
    if TITLE.fullmatch(words) or re.fullmatch(STATED, words) or STATED_ZH.fullmatch(words.replace(" ", "")):
        return True
    of_client = OF_THE_CLIENT.fullmatch(words) or OF_THE_CLIENT.fullmatch(words.replace(" ", ""))
    if of_client and _is_theirs(next(filter(None, of_client.groups())), name):
        return True
    named = NAMED.fullmatch(words) or NAMED_ZH.fullmatch(words.replace(" ", ""))
    return named is not None and _is_name(named["name"], part, name)


def _is_name(said: str, part: str, name: str) -> bool:
    """The client's, or part of it; or in capitals, as a name is written, and no word of ours. A Chinese one is known by
    the client's alone."""
    if _is_theirs(said, name):
        return True
    if set(said.split()) & NO_NAMES or not said.isascii():
        return False
    return any(said == plain(word) for word in re.findall(r"[A-Z][a-z'-]+(?: [A-Z][a-z'-]+)?", part))


def _is_theirs(said: str, name: str) -> bool:
    theirs = plain(name)
    return len(said) > 1 and (said in theirs.split() or said in theirs.replace(" ", "") or said == theirs)
