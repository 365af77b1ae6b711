"""Measure how hard a text is to read: the grade of Flesch and Kincaid, with syllables counted by groups of vowels."""

import re
from collections.abc import Iterable

FEWEST = 25
"""Texts of fewer words say nothing of a grade."""
HARDEST = 7.0
"""The grade above which no text for people goes: what a reader of twelve follows."""
_VOWELS = re.compile(r"[aeiouy]+")


def syllables(word: str) -> int:
    """Count the syllables of an English word, about: a last e is silent, but not in -le; so is that of -ed, but not after t or d."""
    letters = re.sub(r"[^a-z]", "", word.lower())
    count = len(_VOWELS.findall(letters))
    is_silent = (letters.endswith("e") and not letters.endswith("le")) or re.search(r"[^td]ed$", letters)
    if count > 1 and is_silent:
        count -= 1
    return max(count, 1 if letters else 0)


def grade(paragraphs: Iterable[str]) -> float:
    """Return the grade of a text; a paragraph ends a sentence, a single word is none. 0.0 where there are too few words."""
    sentences = [
        [word for word in sentence.split() if re.search("[A-Za-z]", word)]
        for paragraph in paragraphs
        for sentence in re.split(r"[.!?:]+(?:\s|$)", paragraph)
        if len(sentence.split()) > 1
    ]
    words = [word for sentence in sentences for word in sentence]
    if len(words) < FEWEST:
        return 0.0
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
