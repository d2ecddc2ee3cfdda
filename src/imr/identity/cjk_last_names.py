"""Last names in Chinese, Japanese and Korean script, with their common spellings in Latin letters."""

from functools import cache

#: Each last name in its script, and its common spellings in Latin letters.
_LINES = """
    王 wang wong ong vuong
    李 li lee ly rhee yi
    張 zhang chang cheung teo truong jang
    张 zhang chang cheung teo truong jang
    劉 liu lau luu yoo ryu
    刘 liu lau luu yoo ryu
    陳 chen chan tan tran jin
    陈 chen chan tan tran jin
    楊 yang yeung duong
    杨 yang yeung duong
    黃 huang wong hwang hoang huynh ng
    黄 huang wong hwang hoang huynh ng
    趙 zhao chiu chao cho trieu
    赵 zhao chiu chao cho trieu
    吳 wu ng ngo oh
    吴 wu ng ngo oh
    周 zhou chow chou chu
    徐 xu hsu tsui chui seo suh tu
    孫 sun suen son ton
    孙 sun suen son ton
    馬 ma mah
    马 ma mah
    朱 zhu chu choo
    胡 hu woo wu ho
    林 lin lam lim im hayashi
    郭 guo kwok kuo quach
    何 he ho ha
    高 gao ko kao cao
    羅 luo lo law
    罗 luo lo law
    鄭 zheng cheng jung chung trinh
    郑 zheng cheng jung chung trinh
    梁 liang leung luong
    謝 xie hsieh tse ta
    谢 xie hsieh tse ta
    宋 song sung tong
    唐 tang tong duong
    許 xu hsu hui huh hua
    许 xu hsu hui huh hua
    鄧 deng tang dang
    邓 deng tang dang
    馮 feng fung phung
    冯 feng fung phung
    韓 han hon
    韩 han hon
    曹 cao tso tsao
    曾 zeng tsang
    彭 peng pang
    蕭 xiao siu hsiao tieu
    肖 xiao siu hsiao
    蔡 cai tsai choi
    潘 pan poon phan
    田 tian tin den
    董 dong tung
    袁 yuan yuen vien
    于 yu yue
    余 yu yue
    葉 ye yeh yip diep
    叶 ye yeh yip diep
    蔣 jiang chiang tuong
    蒋 jiang chiang
    杜 du to do
    蘇 su so to
    苏 su so to
    魏 wei ngai nguy
    程 cheng ching
    呂 lu lui lu la
    吕 lu lui la
    丁 ding ting dinh
    沈 shen sum shum tham
    任 ren yam yum nham
    盧 lu lo loo
    卢 lu lo loo
    姚 yao yiu
    鍾 zhong chung
    钟 zhong chung
    姜 jiang keung kang
    崔 cui choi
    譚 tan tam dam
    谭 tan tam dam
    陸 lu luk luc
    陆 lu luk luc
    范 fan pham
    汪 wang wong
    石 shi shek
    廖 liao liu
    賴 lai
    赖 lai
    歐陽 ouyang auyeung
    欧阳 ouyang auyeung
    司馬 sima
    司徒 situ seeto
    諸葛 zhuge
    上官 shangguan
    阮 ruan yuen nguyen
    黎 li lai le
    佐藤 sato
    鈴木 suzuki
    高橋 takahashi
    田中 tanaka
    伊藤 ito
    渡辺 watanabe
    山本 yamamoto
    中村 nakamura
    小林 kobayashi
    加藤 kato
    吉田 yoshida
    山田 yamada
    佐々木 sasaki
    山口 yamaguchi
    松本 matsumoto
    井上 inoue
    木村 kimura
    斎藤 saito
    清水 shimizu
    森 mori
    池田 ikeda
    橋本 hashimoto
    石川 ishikawa
    山下 yamashita
    中島 nakajima
    小川 ogawa
    前田 maeda
    岡田 okada
    長谷川 hasegawa
    藤田 fujita
    後藤 goto
    近藤 kondo
    村上 murakami
    遠藤 endo
    青木 aoki
    坂本 sakamoto
    福田 fukuda
    太田 ota
    岡本 okamoto
    松田 matsuda
    中川 nakagawa
    中野 nakano
    原田 harada
    小野 ono
    田村 tamura
    竹内 takeuchi
    金子 kaneko
    中山 nakayama
    石田 ishida
    上田 ueda
    김 kim gim
    金 kim jin kam
    이 lee yi rhee li
    박 park pak bak
    朴 park pak bak
    최 choi choe
    정 jung jeong chung
    강 kang gang
    조 cho jo
    윤 yoon yun
    장 jang chang
    임 lim im rim
    한 han
    오 oh
    서 seo suh
    신 shin sin
    권 kwon gwon
    황 hwang
    안 ahn an
    송 song
    류 yoo ryu yu
    유 yoo ryu yu
    홍 hong
    전 jeon jun chun
    고 ko go
    문 moon mun
    양 yang
    손 son sohn
    배 bae pae
    백 baek paik
    허 heo hur huh
    남 nam
    심 shim sim
    노 noh roh no
    하 ha
    곽 kwak
    성 sung seong
    차 cha
    주 joo ju
    우 woo
    구 koo gu ku
    민 min
    나 na ra
    진 jin chin
    지 ji chi
"""


@cache
def _table() -> dict[str, tuple[str, ...]]:
    lines = (line.split() for line in _LINES.split("\n"))
    return {line[0]: tuple(line[1:]) for line in lines if line}


#: Chinese last names of two characters: the first name after them has one common reading.
_CHINESE = frozenset("歐陽 欧阳 司馬 司徒 諸葛 上官".split())


def last_names(written: str) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Give each split of a name without spaces: its last name, the rest, and the spellings of the last name in Latin letters.

    The rest is empty if it has no common reading: Japanese first names in characters.
    """
    table = _table()
    return tuple(
        (written[:n], written[n:] if n == 1 or written[:n] in _CHINESE else "", table[written[:n]])
        for n in (3, 2, 1)
        if written[:n] in table
    )


def is_unspaced(text: str) -> bool:
    """Say whether a text contains Chinese, Japanese or Korean characters, which are written without spaces."""
    return any("぀" <= c <= "ヿ" or "㐀" <= c <= "鿿" or "가" <= c <= "힣" or c == "々" for c in text)
