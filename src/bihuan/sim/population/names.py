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
