"""Write everything that a page shows and needs as one JSON, in all languages: for the page, or a program that is not Python.

    python -m hashclient.guidance.export > guidance.json

Nothing in it depends on the day or the machine. What only a terminal shows is left out. Where a field is not there it is
empty, false or null. Words for people never stand in it but in `strings`; where words are due, there is a REFERENCE:

    12                          `strings[language][12]`
    [12, 13]                    sentences, to be joined by a blank
    {"text": 12, "with": {..}}  with fields filled already, each of them a value or a reference

Braces in words are fields, filled by name: `{host}`. A string that depends on a number is a list of forms in the order of
`languages[..].plurals`; `Intl.PluralRules(language).select(n)` gives the name of the form, the last one stands for all others,
and the number fills `{count}`.

    version     of this form
    languages   by code, English first: `name` (its own), `is_rtl`, `is_reviewed`, `plurals`
    strings     by code, the words. English has all. Those with an index below `critical` are critical: as long as the
                language is not reviewed, the English stands beneath.
    title       of the document, on every screen and in every language

    bar         references by what they are for; `truth`: the six truth lines; `step`: words with `number`, `count`, `name`;
    steps       pairs of id and reference, in order; `step_of`: step by id of screen or question
    footer      pairs of id of a screen and reference
    settings    by id: `words`, `options` (pairs of id and reference, the first is set at the start; `cover`, `end`: minutes)
    weather     the address to which exit leads, where `leads_to` is set so
    start, first_question, outcomes, for_another, no_script
                ids: the first screen; the first question; the screens on which questions end; the answers to `who` after
                which `for_them` holds; the screens that one document has where there are no scripts, in order

    questions   by id: `text`, `clause` (beneath it, always shown), `why` (goes into `why_we_ask`), `details` ([title, words],
                folded), `error` (nothing was chosen), `answers` by id in order: `words`, `note`, `to` (next question, screen
                or outcome), `shown` (a screen on the way), `reason` (for OTHER_ROUTES). `for_them`: `text` and `answers` where
                they differ for whoever helps. `per_file`, `per_video`, `made_from`, `inner` are about one file
                (`position`): they lead to `hashing` or `review` only after the last file; to `made_from` the other files are answers too, and lead as
                `none`. `under_18_now` and `country` lead nowhere: they change the rows that are shown.
    screens     by id: `title` (none: the text of the question is the heading; `cover`, `closing`, `no_script` have none), `parts`,
                `choices`. A part: `kind` (none: a paragraph), `words`, `row`, `when`. A part
                without words, or whose words are a heading, is a place to fill, by kind (`hashclient.guidance.screens.parts.Kind`
                says with what). An `error` is hidden until what `row` names happens. A choice: `words`, `note`, `to` (screen,
                question, outcome, or one of `acts`), `does` (one of `deeds`, done first), `sets` ({question: answer}). Part and
                choice are shown if all of `when` is so (`When` in that file says what each means).
    acts        what a choice does where it leads to no screen
    deeds       what a choice does before it leads on; `deeds_lead_to`: screens to which one may lead instead of `to`. Where there
                are none and it fails, the screen stays and shows an `error`. `hashing` leads on by itself, to `hashing_leads_to`
    search      by id of a screen `search_..`: the law with which the notice begins

    tasks       by id: `name`, `line`, `to`; `marks`: `not_started`, `done`
    plan        ids of tasks by the answers to `situation` and `have`; `without_service`: what stands in whose place
    actions     the safety actions, `adult` and `under_18`
    declarations
                `wording` (the number that goes into the submission), `adult`, `self`, `represented`, `intimate`,
                `no_consent` by who, `note` (stands under the fourth)

    files       words of the list of files: `words` by use; `number_alone` by content; `ready`, a plural with
                `done`; `sizes`
    review      words of what goes and of what a service says of itself, by use; a mapping has one for each value
    endings     words of sending, states of a case, withdrawal, by use; `send_what` is all that `goes` on the screen `send`
    reasons     why a file or a part of it is not used: by content (`image`, `video`, or `any`) and code, [sentence, hint]
    service_faults
                why a service cannot be used, by code: [sentence, hint]; `unfit`: why it does not take a request;
                `refused`: why it refused one, by name of the problem, else `other`

    services    `rows`: `id`, `name`, `url`, `kind`, `phone`, `notes` (references, in order), `number` (words for its
                numbers, with `phone`), `hours` (pieces, to be joined: text or reference; none: not known; no `asks_hours`: not
                shown), `languages` (codes, with blanks between), `privacy`, `checked_on` (day), `is_verified`.
                `under_18`, `under_18_now`, `under_18_unasked`, `adult`: indexes of rows in order, by country, "" for all others;
                or by language first, where the order depends on it. For `police` and `legal`: those of `adult` of that kind.
                Of `under_18_now` and `under_18_unasked` (a list for whom nobody asked): only countries where they differ.
                A row whose `checked_on` is more than `check_lasts` days ago counts as not verified; one that is not and
                has neither `url` nor `phone` is not shown. `taking_part`: `service`, `platforms`, `as_of`, shown for
                `taking_part_lasts` days.
    crisis      lines that were verified, and no others: `country`, `kind`, `number`, `hours`, `languages`, `checked_on`
    words       words around services and dates, by use
    countries   `codes`, with blanks between, and names by language in the same order, with `|` between; `languages`: by code
                of each that a service speaks, its names in the order of `languages` above, with `|` between

    notice      `flow`: screens in order; `to`: where the answers of a screen lead; `countries`: by law, where it is
                that of the place; `for_all`: laws that are offered everywhere (the order is that of `laws`, and without a
                country all are); `marks`, `fingerprints`, `screens`, `sentences`; `rules`: what an answer may hold; `labels`.
        laws    as `hashclient.guidance.notices.regime.Regime` describes them. Words that are the same whoever asks stand
                once, else as {"self", "represented"}. `who`, `only`, `unless`: conditions, absent where always true; `*` is any
                answer. `legal` is English, and literally what the platform gets; without it the platform gets nothing,
                and a list for the person has `meaning`. A law that is not `is_on` has only what is said of it.
        text    paragraphs of lines of sentences. A sentence is there if its conditions are, and if every field of its
                `meaning` is answered. Sentences of a line are joined by a blank, lines by a line break, paragraphs by an empty
                line; a line or paragraph without any goes. `Subject: ...` stands first where there is a subject. A field is what
                was typed, `addresses` one a line, or the `legal` (else `words`) of what was chosen, joined by blanks.
                With a fingerprint, its sentence is a paragraph before the last. It ends with a line break.
        markdown  the same, with `**Subject:**`, addresses as a list of "- `address`", each on a line of its own, e-mail in
                backquotes, other typed words with each of `rules.escaped` behind a backslash; lines end with two blanks, but
                after a list of addresses an empty line follows.
        questions  one is asked if all of `only` is so and none of `unless`. `hashclient.guidance.notices.answers` and `.address`
                say what an answer may hold and how it is written.
        elements  those count of whose `who` and `only` the answers are. Met if one group of `met_by` is answered and ticked in full.
                One with `refusals` that is not met refuses the notice, unless an answer that it needs was refused itself; one with
                a `warning` warns. Where no element needs `who`, `sentences.not_said_who` refuses while that is not answered.
        cover   the person's own sheet: for a checklist `only_a_list`; `cover` (`source`, `date`); `law_mark` (`mark`: that of the
                law's `confidence` in `marks`, if it has one); `no_lawyer`.
        next    after it was sent: facts shown at `clock`; `in_48_hours`, or `in_a_week` where `look_after` (seconds) is at least
                seven days, nothing without it; facts shown at `after`; `not_listed`, but not for a checklist; `if_nothing` with each
                fact shown at `next`. A fact whose confidence has a mark stands in `marked_fact`.

    limits      numbers: `image`, `video` (of a file), `submission`, `signal`, `profile`
    recipes     `version`, `digest`, `recipes`, `frames` (`hashclient.hashing.reposts.recipe` says what one means), `hashes`
                by level, `floors`, `same_within`, `types` that are made by content, `grounds`

THE PAGE has the same, written shorter by `web/build/compact.mjs` and read by `readGuidance` in `web/src/page/compact.ts`; a test
compares both. It has no names of countries and languages, which it asks of the browser (`Intl.DisplayNames`), nor `deeds`, where
they lead, and limits but `signal`; and these marks:

    strings     by code one text: a line a string, returns for its own line breaks, tabs between forms. A line `#3` is words that stand
                in the document for browsers without scripts, three pieces on from the last such line; a piece is a text between tags or two blanks
    phrases     by code, with `|` between: a character, and the phrase that it stands for in the text of that language
    shapes      names of fields, with blanks between. `["~4", 1, 2]` is an object whose fields have the names of `shapes[4]`
"""

import json
from typing import Final

from hashclient.guidance import declarations, languages, screens, texts, triage
from hashclient.guidance.export import figures, laws, questions_and_screens, services, words
from hashclient.guidance.export.references import FORMS, References, compact
from hashclient.guidance.screens import frame
from hashclient.guidance.triage import Asked, Outcome, Task
from hashclient.model.submission import Declarations

_VERSION_OF_FORM: Final = 2
"""Of the form of the JSON; another number where something in it changes its meaning or goes."""
_NO_SCRIPT: Final = ("start", "help_now", "HAND_OFF", "talk", "actions", "limits_only", "others_see")


def as_json() -> str:
    """Return everything as JSON, without blanks, as one line."""
    first, *_ = Asked
    whole = {
        "title": frame.NEUTRAL_TITLE,
        "bar": frame.BAR,
        "truth": frame.TRUTH,
        "step": frame.STEP,
        "steps": list(frame.STEPS.items()),
        "step_of": frame.STEP_OF,
        "footer": frame.FOOTER,
        "settings": {
            id_: {"words": one.words, "options": list(one.options.items())} for id_, one in frame.SETTINGS.items()
        },
        "weather": frame.WEATHER,
        "why_we_ask": texts.WHY_WE_ASK,
        "start": "start",
        "first_question": first,
        "outcomes": [*Outcome],
        "for_another": sorted(triage.FOR_ANOTHER),
        "no_script": _NO_SCRIPT,
        "questions": questions_and_screens.questions_as_data(),
        "screens": questions_and_screens.screens_as_data(),
        "acts": sorted(screens.ACTS - {"save", "enter_address"}),
        "deeds": sorted(screens.DEEDS),
        "deeds_lead_to": screens.DEEDS,
        "hashing_leads_to": screens.HASHING_LEADS_TO,
        "search": {f"search_{law}": law for law in ("google", "bing")},
        "tasks": {task: row._asdict() for task, row in screens.ROWS.items()},
        "marks": {"not_started": screens.NOT_STARTED, "done": screens.MARKED_DONE},
        "plan": {
            situation: {have: [*triage.tasks_of(situation, have)] for have in triage.LEADS[Asked.HAVE]}
            for situation in triage.LEADS[Asked.SITUATION]
        },
        "without_service": {Task.HASH: Task.NO_SERVICE},
        "actions": {"title": screens.ACTIONS_TITLE, "adult": screens.ACTIONS, "under_18": screens.ACTIONS_UNDER_18},
        "declarations": {
            "wording": Declarations.model_fields["wording"].default,
            "adult": declarations.ADULT,
            "self": declarations.SELF,
            "represented": declarations.REPRESENTED,
            "intimate": declarations.INTIMATE,
            "no_consent": declarations.NO_CONSENT,
            "note": declarations.NOT_AGREEING,
        },
        "files": words.file_words(),
        "review": words.review_words(),
        "endings": words.ending_words(),
        "reasons": words.reasons_of_files(),
        "service_faults": words.service_faults(),
        "services": services.service_rows(),
        "crisis": services.crisis_rows(),
        "words": services.words_of_services(),
        "countries": services.names_of_countries(),
        "notice": laws.notice_as_data(),
        "limits": figures.limits_as_data(),
        "recipes": figures.recipes_as_data(),
    }
    referring = References({name: compact(part) for name, part in whole.items()})
    head = {
        "version": _VERSION_OF_FORM,
        "languages": {
            code: {
                "name": name,
                "is_rtl": code in languages.RIGHT_TO_LEFT,
                "is_reviewed": languages.is_reviewed(languages.catalogue(code)),
                "plurals": [*FORMS[code]],
            }
            for code, name in languages.LANGUAGE_NAMES.items()
        },
        "critical": referring.critical,
        "strings": referring.strings,
    }
    return json.dumps({**head, **referring.data}, ensure_ascii=False, separators=(",", ":")) + "\n"
