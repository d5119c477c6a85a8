"""Lexical search over approved phrasings: character n-grams, TF-IDF, cosine.

On Chinese investors' questions character n-grams find the right answer first more often than a small embedding
does, and they need no model.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from bihuan.serve.knowledge.rules import Hit, plain

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


class Index:
    """An index over phrasings, made once per version of the knowledge and asked many times."""

    def __init__(self, phrases: Sequence[Phrase]) -> None:
        # Seconds to load, and most processes never answer a question.
        from sklearn.feature_extraction.text import TfidfVectorizer

        self._phrases = list(phrases)
        self._vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 3), sublinear_tf=True)
        texts = [terms(phrase.text) for phrase in self._phrases]
        self._matrix = self._vectorizer.fit_transform(texts) if any(texts) else None
        self._grams = self._vectorizer.build_analyzer()

    def nearest(self, question: str, limit: int = 5) -> list[Hit]:
        """The nearest entries, each by its nearest phrasing, nearest first."""
        if self._matrix is None:
            return []
        asked = terms(question)
        scores = (self._matrix @ self._vectorizer.transform([asked]).T).toarray().ravel() * self._known(asked)
        found: dict[UUID, Hit] = {}
        for position in scores.argsort()[::-1]:
            phrase = self._phrases[position]
            if scores[position] <= 0 or len(found) == limit:
                break
            found.setdefault(phrase.entry_id, Hit(phrase.entry_id, phrase.text, min(1.0, float(scores[position]))))
        return list(found.values())

    def _known(self, asked: str) -> float:
        """The share of the question that occurs in the knowledge at all.

        The cosine overlooks what the index has never seen, and so a question about something else that shares a
        common word would look near.
        """
        grams = [gram for gram in self._grams(asked) if len(gram.strip()) > 1]
        known = sum(gram in self._vectorizer.vocabulary_ for gram in grams)
        return float((known / len(grams)) ** 0.5) if grams else 1.0
