"""A reply's letters and words as the tables have them: width, case, script, apostrophes, short forms and slips.

The same is done to the tables, so that a phrase may be written there as people write it.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping
from itertools import chain

PRIVATE = range(0xE000, 0xF900)
_MARKS = (0xAD, 0x34F, 0x61C, 0x180E, 0xFE0E, 0xFE0F, 0x20E3, 0xFEFF, 0xFFFC)
_RUNS = (range(0x200B, 0x2010), range(0x202A, 0x202F), range(0x2060, 0x2070), range(0x1F3FB, 0x1F400))
UNSEEN = dict.fromkeys((*_MARKS, *chain(*_RUNS), *range(0xE0000, 0xE0080), *PRIVATE))
"""Joiners, variants and skin colours of emoji, the frame of a key-cap, soft hyphens, marks of direction, and private
characters, which stand for moments here."""
APOSTROPHES = dict.fromkeys(map(ord, "’‘`´ʼ′"), "'")
SIMPLIFIED = str.maketrans(
    "選確認預約時間謝嗎見這來過會後點鐘週禮個號遲車門沒問題準對換幾請煩給幫碼誤發錯們說話開關樓馬刪訂閱訊動電頭醫傷臨"
    "還讓別實變許連絡為麼樣裡裏應該現難剛隻讀聽兩萬與雙從廣傳復習務員買賣錢費貴貨單據種類總結經濟願歡趕繼續壞燒離譜態"
    "騙領導轉師較邊誰價處無辦調掛簡併嚴飯臺灣兒親愛歲幹麵壓遠進陰聯係繫鐵塊滿憤賠償擾當鬧議戶輛樂氣熱銷閉懷減鬆綁髮護"
    "療檢驗術藥腦臉腳頸顆齒膚癢腫婦產媽爺孫學課補練試績職業廠場橋線軌運輪飛機裝鎖風颱陣燙帶顧園館鎮縣國際鄉錄顯顏華億"
    "擔擇撥攔擠掃盡儘緊絕綠級紅終繳網維細閒閃闆長貼賬資質賓貓龍鳥魚黃齊齡戲戰獲獨環聲肅腸膽舊舉藝葉蘭衛視覺觀觸訓託訴"
    "診註証詢詳誠論諮謹識譯負責賴跡躍軍軟輕輸農遊達違適遺郵鄰醜釋針鈴鉤鋼鋪鍋鍵鏡鑰闖隊階隨險隱雖雜雲霧靜響頂項順頓頻"
    "飽駕騎髒體異綫雞計劃煙畫穩積穫稱競筆範純紙組綜縮織繞罵羅義聞聰膠臟艦節莊蓋薦蘇虧蟲蠻襯規覽訪設詞詐誕諒謊講豐販貧"
    "貪購賀賞贈贏輩轟辭遞遷鄭醞銀銅鋒錦鍊鎚鏈閘閣闊陳陸陽隸雛韓頒頗額飄飲飾餓養駐騷驚鬍鮮鹽麗黨傑備債傾僅僱儀優凍創劇"
    "勁勢勵勸協卻參喪喬嚇嚐囉囑圍圓圖團執報塗塵墊墜壯夠夾奪奮妝嬰嬸寢寧審寫寬寶將專尋屆層屬島巖幣廚廟廢張強彈徑徵悶惡"
    "惱慘慣慮慶憂憐憶懇懶戀拋捨採揮損搶摯撐擁擊擴擺敗敵數於昇暈暫曉曬書東極構樁標檔欄歐歷歸殘殺毀決沖淚淨淺渾測湊溫滅"
    "滯漲漸潔潤澤濕濫瀉災烏煉燈營爐爛牆牽狀獎獻瑣瘋瘡癒皺盜監盤眾睏瞭矯磚禍禿稅窮竊粵糧",
    "选确认预约时间谢吗见这来过会后点钟周礼个号迟车门没问题准对换几请烦给帮码误发错们说话开关楼马删订阅讯动电头医伤临"
    "还让别实变许连络为么样里里应该现难刚只读听两万与双从广传复习务员买卖钱费贵货单据种类总结经济愿欢赶继续坏烧离谱态"
    "骗领导转师较边谁价处无办调挂简并严饭台湾儿亲爱岁干面压远进阴联系系铁块满愤赔偿扰当闹议户辆乐气热销闭怀减松绑发护"
    "疗检验术药脑脸脚颈颗齿肤痒肿妇产妈爷孙学课补练试绩职业厂场桥线轨运轮飞机装锁风台阵烫带顾园馆镇县国际乡录显颜华亿"
    "担择拨拦挤扫尽尽紧绝绿级红终缴网维细闲闪板长贴账资质宾猫龙鸟鱼黄齐龄戏战获独环声肃肠胆旧举艺叶兰卫视觉观触训托诉"
    "诊注证询详诚论咨谨识译负责赖迹跃军软轻输农游达违适遗邮邻丑释针铃钩钢铺锅键镜钥闯队阶随险隐虽杂云雾静响顶项顺顿频"
    "饱驾骑脏体异线鸡计划烟画稳积获称竞笔范纯纸组综缩织绕骂罗义闻聪胶脏舰节庄盖荐苏亏虫蛮衬规览访设词诈诞谅谎讲丰贩贫"
    "贪购贺赏赠赢辈轰辞递迁郑酝银铜锋锦链锤链闸阁阔陈陆阳隶雏韩颁颇额飘饮饰饿养驻骚惊胡鲜盐丽党杰备债倾仅雇仪优冻创剧"
    "劲势励劝协却参丧乔吓尝啰嘱围圆图团执报涂尘垫坠壮够夹夺奋妆婴婶寝宁审写宽宝将专寻届层属岛岩币厨庙废张强弹径征闷恶"
    "恼惨惯虑庆忧怜忆恳懒恋抛舍采挥损抢挚撑拥击扩摆败敌数于升晕暂晓晒书东极构桩标档栏欧历归残杀毁决冲泪净浅浑测凑温灭"
    "滞涨渐洁润泽湿滥泻灾乌炼灯营炉烂墙牵状奖献琐疯疮愈皱盗监盘众困了矫砖祸秃税穷窃粤粮",
)  # fmt: skip
"""The characters of everyday replies only: all else reads as an unknown word, which is safe."""

PLAIN = UNSEEN | APOSTROPHES | SIMPLIFIED

CANTONESE = {
    "唔好意思": "不好意思", "可唔可以": "可不可以", "得唔得": "行不行", "唔该": "麻烦", "唔使": "不用", "唔系": "不是",
    "听日": "明天", "得闲": "有空", "返工": "上班", "依家": "现在", "而家": "现在", "几时": "什么时候", "边个": "谁",
    "点解": "为什么", "系咪": "是不是", "冇": "没有", "嚟": "来", "唔": "不", "俾": "给", "畀": "给", "咗": "了",
    "嘅": "的", "喇": "啦", "佢": "他", "哋": "们", "啲": "些", "嗰": "那", "睇": "看", "揾": "找",
    "简讯": "短信", "讯息": "信息", "捷运": "地铁", "公车": "公交", "计程车": "出租车", "小朋友": "孩子",
}  # fmt: skip
"""And what Taiwan says, once simplified; the longer first."""

LEAST_LETTERS = 6
"""Of a word that may be one slip away from a key word; in shorter ones a slip makes another word."""

_CANTONESE = re.compile("|".join(CANTONESE))
_STRETCHED = re.compile(r"([a-z\u4e00-\u9fff])\1{2,}")
_WORD = re.compile(r"[a-z0-9]*[a-z](?:[-'][a-z]+)*(?![a-z])|&")
_ACCENT = re.compile(r"[\u0300-\u036f]")


def plain(text: str) -> str:
    """One width, one case, one script, no accents; sooo is so."""
    text = _ACCENT.sub("", unicodedata.normalize("NFKD", text))
    text = unicodedata.normalize("NFC", text).casefold().translate(PLAIN)
    return _STRETCHED.sub(r"\1", _CANTONESE.sub(lambda match: CANTONESE[match[0]], text))


def spelt(text: str, forms: Mapping[str, str], known: Collection[str] = (), mended: Collection[str] = ()) -> str:
    """Every word in its full form; one that nobody knows becomes the one of `mended` that it is a slip away from."""
    return _WORD.sub(
        lambda match: forms.get(match[0]) or _corrected(match[0].replace("'s", " is"), known, mended), text
    )


def _corrected(word: str, known: Collection[str], mended: Collection[str]) -> str:
    if len(word) < LEAST_LETTERS or word in known:
        return word
    near = [other for other in mended if is_a_slip(word, other)]
    return max(near, key=len) if near and all(other[:4] == near[0][:4] for other in near) else word


def is_a_slip(word: str, meant: str) -> bool:
    """One letter missing, added, wrong, or two the wrong way round; the first letter is right."""
    if word[0] != meant[0] or abs(len(word) - len(meant)) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(word, meant, strict=False)) if a != b), min(len(word), len(meant)))
    one, other = word[start:], meant[start:]
    return (
        one[1:] == other
        or one == other[1:]
        or one[1:] == other[1:]
        or (one[:2] == other[:2][::-1] and one[2:] == other[2:])
    )
