"""Lexical search over approved phrasings: TF-IDF over Chinese character runs and English words, cosine.

On Chinese investors' questions character runs find the right answer first more often than a small embedding does, and
they need no model. English goes by words: their letters alone look alike whatever is asked. Weights are the usual ones
(sublinear term frequency, smooth inverse document frequency, unit length); a few hundred lines of text need no library
that takes seconds to load.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

from bihuan.serve.knowledge.rules import Hit, plain

_LONGEST_RUN = 3
_STEM = 5
_CHINESE = re.compile(r"[一-鿿]")
_WORD = re.compile(r"[一-鿿]+|[^\W一-鿿]+")

# Words that say that something is asked, not what: without them two questions are near for what they are about.
_FILLER = re.compile(
    r"请问|你好|您好|谢谢|麻烦|一下|我想问|想问|问下|咨询|帮我|怎么办|怎么弄|怎么回事|为什么|是什么|什么时候|多久|怎么|如何|可以|能不能|可不可以"
    r"|吗|呢|啊|呀|吧|么|的|了|我|你们|你|您|们|请|是|啥|哪里|在哪"
    r"|\b(?:please|hello|hi|hey|thanks|thank you|how|do|does|did|can|could|would|should|will|i|you|we|my|your|the|a|an"
    r"|is|are|am|to|of|in|on|at|for|it|me|be|what|where|when|why|which|and|or|if|have|has|there|this|that|with|get|not"
    r"|cannot)\b"
)


def terms(text: str) -> str:
    """What the question is about, as the index reads it; the question itself when nothing else is left.

    >>> terms("请问佣金是多少呢?")
    '佣金多少'
    """
    seen = plain(text)
    kept = re.sub(r"[^\w]+", " ", _FILLER.sub(" ", re.sub(r"['’]s?\b", "", seen)))
    joined = re.sub(r"(?<=[一-鿿]) (?=[一-鿿])", "", re.sub(r"\s+", " ", kept)).strip()
    return joined or seen


@dataclass(frozen=True)
class Phrase:
    """One approved phrasing of an entry."""

    entry_id: UUID
    text: str


def grams(text: str) -> list[str]:
    """What a text consists of: Chinese characters alone and in runs of two and three; of others whole words, stems
    (so that `transfers` comes near `transfer`) and pairs of words.

    >>> grams("佣金")
    ['佣', '金', '佣金']
    >>> grams("transfer money")
    ['transfer', 'trans-', 'money', 'transfer money']
    """
    found: list[str] = []
    words: list[str] = []
    for word in _WORD.findall(text):
        if _CHINESE.match(word):
            runs = range(1, _LONGEST_RUN + 1)
            found += [word[at : at + n] for n in runs for at in range(len(word) - n + 1)]
        else:
            found += [word, f"{word[:_STEM]}-"] if len(word) > _STEM else [word]
            words.append(word)
    return found + [f"{one} {other}" for one, other in pairwise(words)]


class Index:
    """An index over phrasings, made once per version of the knowledge and asked many times."""

    def __init__(self, phrases: Sequence[Phrase]) -> None:
        self._phrases = list(phrases)
        counted = [Counter(grams(terms(phrase.text))) for phrase in self._phrases]
        held_by = Counter(gram for counts in counted for gram in counts)
        self._rarity = {gram: math.log((1 + len(counted)) / (1 + held)) + 1 for gram, held in held_by.items()}
        self._postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for position, counts in enumerate(counted):
            for gram, weight in self._weighed(counts).items():
                self._postings[gram].append((position, weight))

    def _weighed(self, counts: Mapping[str, int]) -> dict[str, float]:
        """A vector of unit length over the grams that the index knows."""
        weights = {
            gram: (1 + math.log(count)) * self._rarity[gram] for gram, count in counts.items() if gram in self._rarity
        }
        length = math.sqrt(sum(weight * weight for weight in weights.values()))
        return {gram: weight / length for gram, weight in weights.items()}

    def nearest(self, question: str, limit: int = 5) -> list[Hit]:
        """The nearest entries, each by its nearest phrasing, nearest first."""
        counts = Counter(grams(terms(question)))
        known = self._known(counts)
        scores: defaultdict[int, float] = defaultdict(float)
        for gram, weight in self._weighed(counts).items():
            for position, held in self._postings[gram]:
                scores[position] += weight * held * known
        found: dict[UUID, Hit] = {}
        for position, score in sorted(scores.items(), key=lambda item: (-item[1], item[0])):
            phrase = self._phrases[position]
            if score > 0 and len(found) < limit:
                found.setdefault(phrase.entry_id, Hit(phrase.entry_id, phrase.text, min(1.0, score)))
        return list(found.values())

    def _known(self, counts: Mapping[str, int]) -> float:
        """The share of the question that occurs in the knowledge at all.

        The cosine overlooks what the index has never seen, and so a question about something else that shares a
        common word would look near.
        """
        telling = {gram: count for gram, count in counts.items() if len(gram) > 1}
        if not telling:
            return 1.0
        seen = sum(count for gram, count in telling.items() if gram in self._rarity)
        return math.sqrt(seen / sum(telling.values()))
