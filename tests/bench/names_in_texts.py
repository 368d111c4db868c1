"""The names that text messages are tried with: as most are, long, and in letters that a part holds fewer of."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace

from kept.business.catalog import Mode
from kept.messaging.letter import Greeting, Letter
from kept.messaging.samples import samples

TYPICAL: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "en": {
        "a garage": {},
        "a salon": {
            "business": "Lotus Hair & Beauty",
            "service": "Cut and blow-dry",
            "staff": "Mei Zhang",
            "client": "Charlotte Evans",
            "where": "48 Camden High Street, London NW1 0LT",
            "room": "Chair 4",
            "prepare": "",
        },
        "a dentist": {
            "business": "Bright Smile Dental",
            "service": "Check-up and cleaning",
            "staff": "Dr. Ana Sato",
            "client": "Robert Fitzgerald",
            "where": "1200 Broadway, Suite 4, New York, NY 10001",
            "room": "Room 2",
            "prepare": "Please come ten minutes early.",
        },
        "accents": {
            "business": "Café Société",
            "service": "Soirée für zwei",
            "staff": "André Müller",
            "client": "José Peña",
            "where": "Großer Weg 5, Köln",
        },
        "typographers' signs": {
            "business": "Miller’s Garage",
            "service": "Wash – wax…",
            "staff": "Joe “JJ” Miller",
            "where": "12 Elm\u00a0Street, Albany",
        },
    },
    "zh-Hans": {
        "a salon": {},
        "a clinic": {
            "business": "康美口腔门诊部",
            "service": "洁牙（超声波）",
            "staff": "欧阳文静医生",
            "client": "司马相如",
            "where": "上海市徐汇区漕溪北路1200号3楼",
            "room": "二号诊室",
            "prepare": "请提前十分钟到店填表",
        },
        "a studio": {
            "business": "Pilates小馆",
            "service": "一对一私教课60分钟",
            "staff": "Coco老师",
            "client": "李雷",
            "where": "北京市朝阳区三里屯路19号院",
            "room": "大教室",
        },
    },
}

LONG: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "en": {
        "40 letters each": {
            "business": "The Old Town Physiotherapy & Spine Ctre.",
            "service": "Initial assessment of the back and neck.",
            "staff": "Dr. Alexandra Montgomery-Featherstonehaugh"[:40],
            "client": "Bartholomew Christopherson-Wolstenholme I",
            "where": "Flat 12, The Old Corn Exchange Building, Newcastle upon Tyne NE1 5XU",
            "room": "Consulting room on the second floor",
            "prepare": "Please bring your insurance card and the letter of your doctor.",
        },
        "another alphabet for one": {"staff": "Łukasz Wiśniewski", "client": "Ayşe Őz"},
        "Cyrillic": {
            "business": "Салон красоты «Ромашка» на Невском пр-те",
            "service": "Стрижка, окрашивание и укладка волос дл.",
            "staff": "Александра Константиновна Вознесенская",
            "client": "Екатерина Достоевская",
            "where": "Невский проспект, 100, Санкт-Петербург",
        },
        "a picture": {"business": "Lotus 🌸 Spa", "service": "💅 Nails & more 💅"},
        "40 letters and a picture": {
            "business": "🌸🌸 The Old Town Physiotherapy & Spine 🌸🌸",
            "service": "Initial assessment of the back and neck.",
            "staff": "Łukasz Wiśniewski-Brzęczyszczykiewicz",
        },
    },
    "zh-Hans": {
        "20 letters each": {
            "business": "上海市静安区花样年华国际美容美发造型中心",
            "service": "资深总监设计师全头数码烫染护理套餐含修剪",
            "staff": "首席造型总监亚历山大欧阳文静老师（二店）",
            "client": "阿卜杜热合曼买买提依明江阿不都热西提",
            "where": "上海市静安区南京西路1601号越洋国际广场购物中心负二层B2-107室",
            "room": "三楼贵宾美容美发护理专用房间",
            "prepare": "请提前十分钟到店，带上身份证和上次的检查报告",
        },
        "a picture": {"business": "🌸花样年华🌸", "service": "剪发✂️"},
        "English names": {
            "business": "The Old Town Physiotherapy & Spine Ctre.",
            "service": "Initial assessment of the back and neck.",
            "staff": "Dr. Alexandra Montgomery",
            "client": "Bartholomew Christopherson",
        },
    },
}


def tried(name: str, language: str, named: Mapping[str, str]) -> Iterator[Letter | Greeting]:
    """Every kind of sample of this text with these names, where it names them at all."""
    for sample in samples(name, language):
        assert isinstance(sample, Letter | Greeting)
        known = {field.name for field in fields(sample)}
        kept = {key: value for key, value in named.items() if key in known and getattr(sample, key)}
        if isinstance(sample, Letter) and sample.mode is not Mode.IN_PERSON:
            kept.pop("where", None)
        yield replace(sample, **kept)  # type: ignore[arg-type]
