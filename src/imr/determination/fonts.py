"""The fonts of a letter: files of pinned packages, each with its digest, and the fonts of the renderer; no font of the machine.

They belong to the edition of the letter: the same value with the same fonts has the same bytes. A script uses the first
font of `letter.typ` that has it. To update a package, lock it, write the new digests here, and look at the letters.
"""

from hashlib import sha256
from importlib.metadata import distribution
from pathlib import Path

#: The packages: the folder of each within the installed distribution, and its font files with their SHA-256.
PACKAGES: dict[str, dict[str, str]] = {
    "manimgx-fonts": {
        "manimgx_fonts/NotoEmoji[wght].ttf": "de6c18832938afc99caf132b39d6a30a19bac7f2e812e28db2535b4608d27551",
        "manimgx_fonts/NotoSans-Italic[wght].ttf": "28602f4b032ed8f5d91445e830585f34aba54ff9d3ac3e58c0b8834f3d6ae684",
        "manimgx_fonts/NotoSansArabic[wght].ttf": "3fae4d7239d1faa55b234bda8091019a5251ff79df40d5e29367d84bed2a8138",
        "manimgx_fonts/NotoSansArmenian[wght].ttf": "e979dfaed56ddb4bfd05121958b25425eb7593253d64b6b3654c77c11c5cda94",
        "manimgx_fonts/NotoSansBengali[wght].ttf": "dc9defe97bb041876b6609e9029d9e1e228a686259acde2fe2a9f99d793ee17d",
        "manimgx_fonts/NotoSansDevanagari[wght].ttf": "bf99bf762743ff3259e73196852520ab0ffe8d384238bff3e4806a84b981e972",
        "manimgx_fonts/NotoSansEthiopic[wght].ttf": "93f223089e300b983dbfd693c7be619e0e76565a70d639e71a4fe0bfd72cf66f",
        "manimgx_fonts/NotoSansGeorgian[wght].ttf": "42f4a8bf4fe0af8afd91ee3c19e81e14f1bc74ddbd9b6a59a4182f67a596adb4",
        "manimgx_fonts/NotoSansGujarati[wght].ttf": "83d1bde74d64fb389f97a5e27b2699d8ee8bad4c15a02be347228e6c10011248",
        "manimgx_fonts/NotoSansGurmukhi[wght].ttf": "8a3096ee2166f6383501e2df7b368fce88cfa4068c8d75bcb6af07da353a00ea",
        "manimgx_fonts/NotoSansHebrew[wght].ttf": "9d81d81ad592644487b03843da73a87b99cd28a2c4da4a096e1db8fbd14fda61",
        "manimgx_fonts/NotoSansKannada[wght].ttf": "b6b11505d76eddf916667d73adfec19095ec777742444dc662dae81471461f4e",
        "manimgx_fonts/NotoSansKhmer[wght].ttf": "56f89948a84cc0b01962ed6af573ac4ac885bd7bb6e7e40f9afc72a435728b70",
        "manimgx_fonts/NotoSansLao[wght].ttf": "fc138d605aa998d8407789ee6a7f5554aae8b54f5cd98d66dd2c33e79d15b67e",
        "manimgx_fonts/NotoSansMalayalam[wght].ttf": "94cddc94a03fa9a5e8d1784090ba97b267def6933d60762081eaa003751142c5",
        "manimgx_fonts/NotoSansMyanmar[wght].ttf": "e0b280aa3080aab922800c88fa9a2015a4bec3103bb8b70491a92e4a04f3a3a3",
        "manimgx_fonts/NotoSansOriya[wght].ttf": "37f482d0179d0a50e3128d004f007ff1c1741ad5f6b0b2bcc7238b257ef1caa0",
        "manimgx_fonts/NotoSansSinhala[wght].ttf": "3fd7c6a61cb6dfb8a2ca7af5b4078bd24e9c8ad9b55839a0177277db6e4d1326",
        "manimgx_fonts/NotoSansSymbols[wght].ttf": "63724daeff6755a45933b9a5e3a3b41df5df8fe925c0f4c991f2f68c08a4182d",
        "manimgx_fonts/NotoSansTamil[wght].ttf": "37e151cdec4a8cfb15c432f7bb164a83b98df69419d47e50b35aa7073963716b",
        "manimgx_fonts/NotoSansTelugu[wght].ttf": "6c06de88b2d420d899543724a13765994191cd29860c6226efca098b51fec64b",
        "manimgx_fonts/NotoSansThai[wght].ttf": "13f52f79b04f01f2751a81052a5dee2df639fd4e13f4ac30821ab45c8dd5f7e7",
        "manimgx_fonts/NotoSans[wght].ttf": "fb53504de62e767a54695416123d68d67f71c9b69722175184ad56e7dd13547b",
    },
    "noto-cjk-sans-otc": {
        "noto_cjk_sans_otc/NotoSansCJK-Regular.ttc": "b76b0433203017ca80401b2ee0dd69350349871c4b19d504c34dbdd80541690a",
    },
}


def folders() -> list[Path]:
    """Give the folders of the font files, one a package. They contain nothing else that the renderer takes for a font."""
    return [
        Path(str(distribution(package).locate_file(next(iter(files))))).parent for package, files in PACKAGES.items()
    ]


def digests() -> dict[str, dict[str, str]]:
    """Compute the SHA-256 of every font file in `folders`, in the form of `PACKAGES`."""
    return {
        package: {
            f"{folder.name}/{file.name}": sha256(file.read_bytes()).hexdigest()
            for file in sorted(folder.iterdir())
            if file.suffix in {".ttf", ".ttc", ".otf", ".otc"}
        }
        for package, folder in zip(PACKAGES, folders(), strict=True)
    }
