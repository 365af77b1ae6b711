"""Write what was scored: tables as CSV, a manifest, and one page of text. No picture and no file name is in any of them.

CSV files are sorted by their keys, have six decimals and line feeds, and are the same byte for byte for the same pictures,
suite, seed and libraries, whoever did the work. `manifest.json` and `timings.csv` tell of the run itself.
"""

import csv
import hashlib
import hmac
import json
import math
import secrets
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from hashclient.guidance import lab as words
from hashclient.lab.comparing import Negatives
from hashclient.lab.scoring import LEFTOVERS, MEAN, PolicyScore, Scored
from hashclient.lab.statistics import FEW, area_under_curve, equal_error_rate, percentiles, wilson

Table = tuple[tuple[str, ...], list[tuple[Any, ...]]]
"""The names of the columns, and the rows."""
_OF_FAMILIES: Final = ("quality", "over", "shape", "mirror", "frame", "screen", "beside", "chain")
"""Order in which families are shown on the page; others follow, sorted."""


def suite_label(scored: Scored) -> str:
    """Return the suite's name and the first 12 digits of its digest."""
    return f"{scored.hashed.suite.name}/{scored.hashed.suite.digest[:12]}"


def tables(scored: Scored) -> Mapping[str, Table]:
    """Return every table by the name of its file."""
    made: dict[str, Table] = {
        "summary.csv": (
            ("policy", "threshold", "scope", "recall", "low", "high", "cells", "pictures", "hashes_mean", "hashes_most", "changes"),
            [row for score in scored.scores for row in _summary(score)],
        ),
        "cells.csv": (
            ("policy", "family", "cell", "threshold", "pictures", "found", "recall", "low", "high"),
            [row for score in scored.scores for row in _cells(score)],
        ),
        "distances.csv": (
            ("policy", "family", "cell", "pictures", "unusable", "exact", "mean", "sd", "median", "p5", "p95", "mean_of_all_bits"),
            [row for score in scored.scores for row in _distances(score)],
        ),
        "thresholds.csv": (
            (
                "policy", "rate", "pairs", "threshold", "negatives", "from_pictures", "note", "recall", "low", "high",
                "reached_n1", "reached_n2", "with_copies", *(f"without_{count}" for count in LEFTOVERS),
                *(f"recall_without_{count}" for count in LEFTOVERS),
            ),
            [row for score in scored.scores for row in _thresholds(score, scored)],
        ),
        "negatives.csv": (
            (
                "policy", "kind", "scope", "threshold", "pairs", "hash_pairs", "masked", "smallest", "matches",
                "matches_of_own_hashes", "hash_matches", "rate", "low", "high",
            ),
            [row for score in scored.scores for row in _negatives(score)],
        ),
        "differences.csv": (
            ("policy", "minus", "difference", "low", "high"),
            [
                (other.policy.id, one.policy.id, apart, *(interval or (None, None)))
                for one, other, apart, interval in scored.differences()
            ],
        ),
        "roc.csv": (("policy", "threshold", "recall", "n1_rate"), [row for score in scored.scores for row in _roc(score)]),
        "curves.csv": (
            ("policy", "recall_where_usable", "abstained", "auc", "eer", "eer_threshold", "eer_crosses"),
            [_curve(score) for score in scored.scores],
        ),
        "screen.csv": (
            ("one", "other", "verdict", "alike_by"),
            [
                (pair.one, pair.other, "duplicate" if pair.is_duplicate else "suspect", "+".join(pair.alike_by))
                for pair in scored.hashed.screened
            ],
        ),
        "skips.csv": (
            ("cell", "reason", "pictures"),
            [(cell, reason, count) for (cell, reason), count in scored.hashed.skips().items()],
        ),
    }  # fmt: skip
    return made


def _summary(score: PolicyScore) -> Iterator[tuple[Any, ...]]:
    sizes = score.compared.submitted
    cost = (float(sizes.mean()), int(sizes.max())) if len(sizes) else (0.0, 0)
    for threshold in score.compared.thresholds:
        recall, drawn = score.recall(threshold), score.replicates(threshold)
        families = {name: value for name, value in recall.items() if name != MEAN and not math.isnan(value)}
        worst = min(families, key=lambda name: (families[name], name), default=None)
        scopes = [(name, name) for name in recall] + ([("worst", worst)] if worst else [])
        for scope, name in scopes:
            low, high = percentiles(drawn[name]) or (None, None)
            cells = len(score.families.get(name, score.hashed.cells))
            count = len(score.hashed.scored_places)
            yield (
                score.policy.id, threshold, scope, recall[name], low, high, cells, count, *cost, score.policy.changes,
            )  # fmt: skip


def _cells(score: PolicyScore) -> Iterator[tuple[Any, ...]]:
    for threshold in score.compared.thresholds:
        found, tried = score.found(threshold).sum(axis=1), score.compared.is_tried.sum(axis=1)
        for cell, successes, trials in zip(score.hashed.cells, found.tolist(), tried.tolist(), strict=True):
            share = successes / trials if trials else None
            interval = wilson(successes, trials) or (None, None)
            yield score.policy.id, cell.family, cell.id, threshold, trials, successes, share, *interval


def _distances(score: PolicyScore) -> Iterator[tuple[Any, ...]]:
    for place, cell in enumerate(score.hashed.cells):
        tried = int(score.compared.is_tried[place].sum())
        reached = np.sort(score.compared.distance[place][score.is_usable[place]])
        facts: tuple[Any, ...] = (None,) * 7
        if len(reached):
            middle = [float(value) for value in np.percentile(reached, [50, 5, 95])]
            mean = float(reached.mean())
            facts = (float((reached == 0).mean()), mean, float(reached.std()), *middle, mean / score.policy.most)
        yield score.policy.id, cell.family, cell.id, tried, tried - len(reached), *facts


def _thresholds(score: PolicyScore, scored: Scored) -> Iterator[tuple[Any, ...]]:
    for one in score.thresholds_by_rate(scored.rates):
        threshold, pairs = one.chosen.threshold, score.chosen_pairs()
        note = one.chosen.refusal or ("none" if threshold is None else "")
        if threshold is not None:
            is_thin = min(one.chosen.events, one.pictures) < FEW
            note = "+".join(["thin"] * is_thin + ["in-sample"] * (scored.hashed.split in {"all", "dev"}))
        recalled = (None, None, None)
        if one.chosen.refusal is None:
            at = -1 if threshold is None else threshold
            recalled = (score.recall(at)[MEAN], *(percentiles(score.replicates(at)[MEAN]) or (None, None)))
        rates = [_rate_at(score.total(kind), threshold) for kind in ("N1", "N2")]
        without = [None if value is None else score.recall(value)[MEAN] for value in one.without]
        yield (
            score.policy.id, f"{one.chosen.rate:g}", pairs, threshold, one.chosen.events, one.pictures, note, *recalled,
            *rates, one.with_copies, *one.without, *without,
        )  # fmt: skip


def _negatives(score: PolicyScore) -> Iterator[tuple[Any, ...]]:
    for kind, scope, one in score.negatives():
        for threshold in score.compared.thresholds:
            matches, own = one.at(threshold)
            is_own = threshold == score.policy.threshold
            interval = score.false_match_interval(one) if is_own else (None, None)
            yield (
                score.policy.id, kind, scope, threshold, one.pairs, one.hash_pairs, one.masked, one.smallest, matches, own,
                one.near_hashes.get(threshold, 0), matches / one.pairs if one.pairs else None, *interval,
            )  # fmt: skip


def _rate_at(negatives: Negatives, threshold: int | None) -> float | None:
    if threshold is None or not negatives.pairs:
        return None
    return negatives.at(threshold)[0] / negatives.pairs


def _roc(score: PolicyScore) -> Iterator[tuple[Any, ...]]:
    positives, negatives = score.positives(), score.total("N1").histogram
    recall, matched = np.cumsum(positives), np.cumsum(negatives)
    total = int(matched[-1]) if len(matched) else 0
    for threshold in range(score.policy.most + 1):
        if positives[threshold] or negatives[threshold]:
            yield (
                score.policy.id,
                threshold,
                float(recall[threshold]),
                int(matched[threshold]) / total if total else None,
            )


def _curve(score: PolicyScore) -> tuple[Any, ...]:
    positives, negatives = score.positives(), np.append(score.total("N1").histogram, 0)
    equal = equal_error_rate(positives, negatives)
    facts = (None, None, None) if equal is None else (equal.rate, equal.threshold, int(equal.is_crossing))
    area = area_under_curve(positives, negatives)
    usable = score.recall_where_usable(score.policy.threshold)
    return score.policy.id, usable, score.abstained, area, *facts


def _written(value: Any) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return f"{value:.6f}" if isinstance(value, float) else str(value)


def _key(row: Sequence[Any]) -> tuple[tuple[int, float, str], ...]:
    """Sort numbers as numbers and words as words."""
    return tuple((0, float(part), "") if isinstance(part, int | float) else (1, 0.0, str(part)) for part in row)


def write_results(scored: Scored, folder: Path, *, command: Sequence[str] = (), is_private: bool = False,
                  timings: Mapping[str, float] | None = None) -> None:  # fmt: skip
    """Write the tables and the manifest into a folder, which is made if it is not there.

    Args:
        scored: what was scored.
        folder: where files of the same names are replaced.
        command: the command line, without paths.
        is_private: replace the ids of pictures by digests with a key that is thrown away.
        timings: seconds by what took them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    label, key = suite_label(scored), secrets.token_bytes(32)

    def shown(id_: str) -> str:
        return hmac.new(key, id_.encode(), hashlib.sha256).hexdigest() if is_private else id_

    for name, (columns, rows) in tables(scored).items():
        kept = [(shown(one), shown(other), *rest) for one, other, *rest in rows] if name == "screen.csv" else rows
        with (folder / name).open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(("suite", *columns))
            writer.writerows((label, *map(_written, row)) for row in sorted(kept, key=_key))
    with (folder / "timings.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([("part", "seconds"), *sorted((timings or {}).items())])
    told = manifest(scored, command) | {
        "pictures": [shown(one.id) for one in scored.hashed.scored],
        "strangers": [shown(one.id) for one in scored.hashed.strangers],
        "seconds": dict(timings or {}),
    }
    (folder / "manifest.json").write_text(json.dumps(told, indent=1, sort_keys=True) + "\n", "utf-8")


def manifest(scored: Scored, command: Sequence[str]) -> dict[str, Any]:
    """Return what somebody needs to measure the same again; no picture, no path and no file name is among it."""
    hashed = scored.hashed
    return {
        "versions": dict(hashed.versions()),
        "suite": {"name": hashed.suite.name, "digest": hashed.suite.digest, "cells": len(hashed.cells)},
        "seed": hashed.seed,
        "split": hashed.split,
        "policies": {
            score.policy.id: [[leg.submitted.id, leg.received.id, leg.within, leg.most] for leg in score.policy.legs]
            for score in scored.scores
        },
        "counts": {
            "dataset": len(hashed.pool),
            "edited": len(hashed.scored_places),
            "strangers": len(hashed.strangers),
            "duplicates": sum(pair.is_duplicate for pair in hashed.screened),
            "suspects": sum(not pair.is_duplicate for pair in hashed.screened),
        },
        "left_out": dict(hashed.skipped_files),
        "command": list(command),
    }


def report_lines(scored: Scored) -> Iterator[str]:
    """Yield the lines of the page: three sentences, then recall, false matches and rates."""
    yield from _first_sentences(scored)
    yield ""
    families = sorted(
        {cell.family for cell in scored.hashed.cells},
        key=lambda name: (_OF_FAMILIES.index(name) if name in _OF_FAMILIES else len(_OF_FAMILIES), name),
    )
    short = {name: name[:7] for name in families}
    yield f"{words.PAGE_RECALL} {suite_label(scored)}"
    yield _row("policy", "bits", "hashes", "changes", "mean", "95 %", *short.values())
    for score in scored.scores:
        recall = score.recall(score.policy.threshold)
        interval = percentiles(score.replicates(score.policy.threshold)[MEAN])
        sizes = score.compared.submitted
        yield _row(
            score.policy.id, score.policy.threshold, f"{sizes.mean() if len(sizes) else 0:.0f}", score.policy.changes,
            _percent(recall[MEAN]), _range(interval), *(_percent(recall[name]) for name in families),
        )  # fmt: skip
    yield ""
    yield words.PAGE_STRICTER
    for score in scored.scores:
        if len(score.compared.thresholds) > 1:
            means = (
                f"{threshold}: {_percent(score.recall(threshold)[MEAN])}" for threshold in score.compared.thresholds
            )
            yield _row(score.policy.id, *means)
    yield ""
    yield words.PAGE_NEGATIVES
    yield _row("policy", "kind", "pairs", "of hashes", "smallest", "matches", "own", "masked")
    for score in scored.scores:
        for kind in dict.fromkeys(kind for kind, _, _ in score.negatives()):
            negatives = score.total(kind)
            matches, own = negatives.at(score.policy.threshold)
            yield _row(
                score.policy.id,
                kind,
                negatives.pairs,
                negatives.hash_pairs,
                negatives.smallest,
                matches,
                own,
                negatives.masked,
            )
    yield ""
    yield words.PAGE_RATES
    for score in scored.scores:
        cells = []
        for made in score.thresholds_by_rate(scored.rates):
            at = made.chosen.threshold
            told = made.chosen.refusal or ("-" if at is None else f"{at}: {_percent(score.recall(at)[MEAN])}")
            cells.append(f"{made.chosen.rate:g} {told}")
        yield _row(score.policy.id, *cells)


def _first_sentences(scored: Scored) -> Iterator[str]:
    free = [score for score in scored.scores if score.policy.changes == "nobody"] or list(scored.scores)
    best = max(free, key=lambda score: (score.recall(score.policy.threshold)[MEAN], -score.compared.submitted.sum()))
    threshold = best.policy.threshold
    recall, interval = best.recall(threshold)[MEAN], percentiles(best.replicates(threshold)[MEAN])
    negatives = best.total("N1")
    yield str(words.PAGE_BEST.format(policy=best.policy.id))
    yield str(words.PAGE_FOUND.format(share=_percent(recall), low_to_high=_range(interval), bits=threshold))
    matches = negatives.at(threshold)[0]
    yield str(
        words.PAGE_FALSE.format(
            matches=f"{matches:,}", pairs=f"{negatives.pairs:,}", hashes=f"{negatives.hash_pairs:,}"
        )
    )


def _percent(share: float) -> str:
    return "-" if math.isnan(share) else f"{100 * share:.1f}"


def _range(interval: tuple[float, float] | None) -> str:
    return "-" if interval is None else f"{_percent(interval[0])}-{_percent(interval[1])}"


def _row(first: str, *cells: object) -> str:
    written = (f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in cells)
    return f"{first:<14}" + "".join(f" {cell:>{max(8, len(cell))}}" for cell in written)
