"""Invented people: common family and given names put together at random, and telephone numbers nobody has."""

from typing import Any

import numpy as np
import numpy.typing as npt

Strings = np.ndarray[Any, np.dtype[np.str_]]
Ints = npt.NDArray[np.int64]

FAMILY = np.array(
    list("王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎")
)
GIVEN_MALE = np.array(list("伟强磊军勇杰涛超明刚平辉鹏华飞鑫波斌宇浩凯健俊帆旭宁文志国建海峰庆安成东林永胜"))
GIVEN_FEMALE = np.array(list("芳娜敏静丽艳娟霞秀玲桂兰红梅燕萍玉英婷慧雪琳洁颖倩欣怡梦瑶佳璐珊蓉菲蕾岚云晴"))

# How the characters above are read, in the same order, for the English side of the screen.
_READ_FAMILY = (
    "Wang Li Zhang Liu Chen Yang Zhao Huang Zhou Wu Xu Sun Hu Zhu Gao Lin He Guo Ma Luo Liang Song Zheng Xie Han Tang"
    " Feng Yu Dong Xiao Cheng Cao Yuan Deng Xu Fu Shen Zeng Peng Lü Su Lu Jiang Cai Jia Ding Wei Xue Ye Yan"
)
_READ_MALE = (
    "wei qiang lei jun yong jie tao chao ming gang ping hui peng hua fei xin bo bin yu hao"
    " kai jian jun fan xu ning wen zhi guo jian hai feng qing an cheng dong lin yong sheng"
)
_READ_FEMALE = (
    "fang na min jing li yan juan xia xiu ling gui lan hong mei yan ping yu ying ting hui"
    " xue lin jie ying qian xin yi meng yao jia lu shan rong fei lei lan yun qing"
)
_FAMILY_READ: dict[str, str] = dict(zip(FAMILY.tolist(), _READ_FAMILY.split(), strict=True))
_GIVEN_READ: dict[str, str] = dict(
    zip([*GIVEN_MALE.tolist(), *GIVEN_FEMALE.tolist()], [*_READ_MALE.split(), *_READ_FEMALE.split()], strict=True)
)

# 154 was never given to a carrier: nobody can be reached under these numbers.
PHONE_PREFIX = 154_0000_0000


def full_names(female: npt.NDArray[np.bool_], rng: np.random.Generator) -> Strings:
    """A name of two or three characters for each, by sex.

    >>> full_names(np.array([True, False]), np.random.default_rng(1)).dtype.kind
    'U'
    """
    n = len(female)
    ranks = 1 / (np.arange(len(FAMILY)) + 3.0)
    family = rng.choice(FAMILY, n, p=ranks / ranks.sum())
    first = np.where(female, rng.choice(GIVEN_FEMALE, n), rng.choice(GIVEN_MALE, n))
    second = np.where(female, rng.choice(GIVEN_FEMALE, n), rng.choice(GIVEN_MALE, n))
    second = np.where(rng.random(n) < 0.78, second, "")
    return np.strings.add(np.strings.add(family, first), second)


def phones(numbers: Ints) -> Strings:
    """The telephone number of each person's running number; distinct for distinct numbers below 100 million.

    >>> phones(np.array([7]))[0].item()
    '15400000007'
    """
    return (PHONE_PREFIX + numbers).astype(np.str_)


def read_aloud(name: str) -> str:
    """A name in Latin letters, given name first.

    >>> read_aloud("王秀英")
    'Xiuying Wang'
    """
    return "".join(_GIVEN_READ[char] for char in name[1:]).capitalize() + " " + _FAMILY_READ[name[0]]
