"""Secrets that can be recognized wherever they come out, and the sweep that looks for them everywhere.

A canary is a text that stands for one secret of one study. The sweep signs in as everybody, asks every route with
every id it can find, and reports each canary that `may_see` does not allow to that person then. What it may see is
asked of `backend.studies.blinding` alone, so the table that is signed and the API that runs cannot drift apart.
"""

import base64
import gzip
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from django.http import HttpResponse

from backend.accounts.models import User
from backend.accounts.roles import Role
from backend.adjudication.item_states import ItemStatus
from backend.adjudication.models import AdjudicationItem, ItemOriginal
from backend.cases.models import CaseImage, CaseSeries
from backend.predictions.models import Prediction, PredictionOverlay
from backend.predictions.release import phase_of
from backend.reads.models import DraftLabelmap, MaskVolume, Read, ReadAnnotation, ReadStatus, Reopening
from backend.reports.models import AnalysisFile, AnalysisRun, OutsideDataset, ResultFile, ResultRun
from backend.studies.access import desk_phase
from backend.studies.blinding import Kind, Phase, may_see
from backend.studies.models import Randomisation, ReaderStudy, StudyCase, StudyMember
from backend.studies.session_states import SessionKind
from tests.factories.studies import StudyStory, aid_numbers

from .observers import TwoStudies, ask, at, client_of, undone
from .routes import Route, data_routes

GZIP = b"\x1f\x8b"


@dataclass(frozen=True)
class Canary:
    """One secret: what to look for, of which study, and whose or of which case it is.

    `kind` None stands for what every member of the study may know and nobody else: its title and address.
    """

    text: str
    study: uuid.UUID
    kind: Kind | None
    owner: uuid.UUID | None = None
    center: uuid.UUID | None = None
    case: uuid.UUID | None = None
    read: uuid.UUID | None = None

    @property
    def sought(self) -> bytes:
        return self.text.encode()


def canaries_of(story: StudyStory) -> list[Canary]:
    return [
        *_membership(story),
        *_identities(story),
        *_case_numbers(story),
        *_truths(story),
        *_aids(story),
        *_answers(story),
        *_notes(story),
        *_masks(story),
        *_items(story),
        *_progress(story),
        *_design(story),
        *_training(story),
        *_results(story),
    ]


def _membership(story: StudyStory) -> Iterator[Canary]:
    yield Canary(story.study.slug, story.study.pk, None)
    yield Canary(story.study.title, story.study.pk, None)


def _identities(story: StudyStory) -> Iterator[Canary]:
    for original in story.originals:
        for secret in original.secrets:
            yield Canary(secret, story.study.pk, Kind.CASE_IDENTITY)
    for case in story.cases:
        yield Canary(case.patient_pseudonym, story.study.pk, Kind.CASE_IDENTITY)


def _case_numbers(story: StudyStory) -> Iterator[Canary]:
    """Numbers, and whatever else is the same wherever a case appears: centers, stored UIDs, paths, digests."""
    for one in story.centers:
        for text in (one.code, one.name):
            yield Canary(text, story.study.pk, Kind.CASE_NUMBER, center=one.pk)
    for case in story.cases:
        stable = [case.number, str(case.pk), case.study_uid]
        stable += [str(pk) for pk in StudyCase.objects.filter(case=case).values_list("pk", flat=True)]
        for series in CaseSeries.objects.filter(case=case):
            stable += [str(series.pk), series.series_uid, series.frame_of_reference_uid, series.pixel_digest]
        stable += CaseImage.objects.filter(series__case=case).values_list("sop_uid", flat=True)
        for text in stable:
            yield Canary(text, story.study.pk, Kind.CASE_NUMBER, center=case.center_id, case=case.pk)


def _truths(story: StudyStory) -> Iterator[Canary]:
    for rank, case in enumerate(story.cases):
        yield Canary(f"TRUTH{story.name}{rank}", story.study.pk, Kind.TRUTH, case=case.pk)


def _aids(story: StudyStory) -> Iterator[Canary]:
    for rank, case in enumerate(story.cases):
        score, probability = aid_numbers(story.name, rank)
        for text in (f"AID{story.name}{rank}", repr(abs(score)), repr(probability)):
            yield Canary(text, story.study.pk, Kind.AI_OUTPUT, case=case.pk)
        # The voxels of a map spell the mark, too; these are the bytes as they are kept. Regions are all alike.
        for overlay in PredictionOverlay.objects.filter(prediction__case=case, kind="heat"):
            text = base64.b64encode(bytes(overlay.data)).decode()
            yield Canary(text, story.study.pk, Kind.AI_OUTPUT, case=case.pk)
            yield Canary(overlay.sha256, story.study.pk, Kind.AI_OUTPUT, case=case.pk)
        for prediction in Prediction.objects.filter(case=case):
            yield Canary(prediction.input_digest, story.study.pk, Kind.CASE_NUMBER, center=case.center_id)


def _answers(story: StudyStory) -> Iterator[Canary]:
    """A reader's comment and short axis; which kind of secret they are depends on who looks."""
    told: set[str] = set()
    reads = Read.objects.filter(pk__in=story.words).order_by("opened_at")
    for read in reads.select_related("assignment__study_case"):
        case = read.assignment.study_case.case_id
        length = story.answers_of(read)["short_axis_mm"]
        # The second step of a case begins with the words of the first, and they are the first's.
        texts = [text for text in (story.words[read.pk], repr(length)) if text not in told]
        told.update(texts)
        for text in texts:
            yield Canary(
                text, story.study.pk, Kind.OTHER_RATING, owner=read.reader_id, case=case, read=read.pk
            )


def _notes(story: StudyStory) -> Iterator[Canary]:
    """What a reader noted on the images, in a draft and locked; a case's next step begins with the first one's."""
    told: set[str] = set()
    reads = Read.objects.filter(study=story.study).select_related("assignment__study_case")
    for read in reads.order_by("opened_at"):
        of_read = {"owner": read.reader_id, "case": read.assignment.study_case.case_id, "read": read.pk}
        texts = [one["text"] for one in read.draft.get("annotations", [])]
        texts += ReadAnnotation.objects.filter(read=read).values_list("text", flat=True)
        for text in texts:
            if text not in told:
                yield Canary(text, story.study.pk, Kind.OTHER_RATING, **of_read)
            told.add(text)


def _masks(story: StudyStory) -> Iterator[Canary]:
    """The voxels that a reader painted, as the browser gets them: in a draft, and locked."""
    reads = Read.objects.filter(study=story.study).select_related("assignment__study_case")
    for read in reads.order_by("opened_at"):
        of_read = {"owner": read.reader_id, "case": read.assignment.study_case.case_id, "read": read.pk}
        for kind in (DraftLabelmap, MaskVolume):
            for data in kind.objects.filter(read=read).values_list("data", flat=True):
                text = base64.b64encode(data).decode()
                yield Canary(text, story.study.pk, Kind.OTHER_RATING, **of_read)


def _items(story: StudyStory) -> Iterator[Canary]:
    """Which items there are, their drawn seeds, and when they were raised and opened."""
    for item in AdjudicationItem.objects.filter(study=story.study):
        # It is raised at the instant of a commit, which is its reader's own.
        instants = [item.opened_at, item.draft_saved_at]
        texts = [str(item.pk), item.seed, item.alias]
        for text in (*texts, *(f"{instant:%H:%M:%S.%f}" for instant in instants if instant)):
            yield Canary(text, story.study.pk, Kind.STUDY_PROGRESS, owner=item.opened_by_id)


def _progress(story: StudyStory) -> Iterator[Canary]:
    """Who takes part, which reads there are, and when they were opened, saved and submitted."""
    for user in story.people.values():
        for text in (user.username, user.display_name):
            yield Canary(text, story.study.pk, Kind.STUDY_PROGRESS, owner=user.pk)
    for read in Read.objects.filter(study=story.study):
        instants = [read.opened_at, read.draft_saved_at, read.submitted_at]
        texts = [str(read.pk), *(f"{instant:%H:%M:%S.%f}" for instant in instants if instant)]
        for text in texts:
            yield Canary(text, story.study.pk, Kind.STUDY_PROGRESS, owner=read.reader_id)


def _design(story: StudyStory) -> Iterator[Canary]:
    """The protocol by its digest, and the draws by their seeds: who has one can work out order and repeats."""
    if story.study.protocol_sha256:
        yield Canary(story.study.protocol_sha256, story.study.pk, Kind.PROTOCOL)
    for draw in Randomisation.objects.filter(study=story.study):
        for text in (draw.seed, draw.sha256):
            yield Canary(text, story.study.pk, Kind.CASE_ORDER)


def _training(story: StudyStory) -> Iterator[Canary]:
    """What a training case should have been answered."""
    for one in story.study.study_cases.exclude(training_key={}):
        yield Canary(one.training_key["text"], story.study.pk, Kind.TRAINING_FEEDBACK, case=one.case_id)


def _results(story: StudyStory) -> Iterator[Canary]:
    """Numbers of the report that are too long to be met by chance, and in no other study's own results."""
    others = ResultRun.objects.exclude(dataset__study=story.study).values_list("report", flat=True)
    analyses = AnalysisFile.objects.exclude(run__dataset__study=story.study).filter(path="results.json")
    elsewhere = " ".join([*others, *(bytes(one.body).decode() for one in analyses)])
    for run in ResultRun.objects.filter(dataset__study=story.study):
        for number in set(_numbers(json.loads(run.report))):
            # The same answers in another study give a fraction of small numbers again.
            if len(repr(number)) >= 14 and repr(number) not in elsewhere:
                yield Canary(repr(number), story.study.pk, Kind.RESULTS)


def _numbers(value: Any) -> Iterator[float]:
    if isinstance(value, float):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _numbers(one)


# ------------------------------------------------------------------------------------------------ who may see it


def is_allowed(canary: Canary, user: User | None) -> bool:
    """Whether the blinding protocol lets this person see the secret now."""
    if user is None:
        return False
    members = list(StudyMember.objects.filter(study_id=canary.study, user=user).select_related("study"))
    if canary.kind is None:
        return bool(members)
    # A person's own name, times and reads are no news to the person, in whatever role.
    if canary.kind is Kind.STUDY_PROGRESS and canary.owner == user.pk:
        return True
    return any(_may(canary, member) for member in members)


def _may(canary: Canary, member: StudyMember) -> bool:
    role = Role(member.role)
    kind, is_own = _kind_for(canary, member)
    return may_see(kind, role, _phase_for(member), own=is_own)


def _kind_for(canary: Canary, member: StudyMember) -> tuple[Kind, bool]:
    if canary.kind is Kind.OTHER_RATING and canary.owner == member.user_id:
        return _kind_of_own_answer(Read.objects.get(pk=canary.read), member), True
    if canary.kind is Kind.TRAINING_FEEDBACK:
        trained = Read.objects.filter(reader=member.user_id, status=ReadStatus.SUBMITTED)
        return canary.kind, trained.filter(assignment__study_case__case=canary.case).exists()
    if canary.kind is Kind.OTHER_RATING and member.role == Role.ADJUDICATOR and _is_original(canary, member):
        return Kind.ADJUDICATION_ORIGINALS, True
    if canary.kind is Kind.AI_OUTPUT:
        read = _open_read(member)
        return Kind.AI_OUTPUT, read is not None and read.assignment.study_case.case_id == canary.case
    if canary.kind is Kind.CASE_NUMBER:
        return Kind.CASE_NUMBER, canary.center is not None and canary.center == member.center_id
    return canary.kind, canary.owner is not None and canary.owner == member.user_id


def _kind_of_own_answer(read: Read, member: StudyMember) -> Kind:
    """One's own answers: of the open read, of its first step, of training, or of an earlier read."""
    if read.status != ReadStatus.SUBMITTED:
        return Kind.OWN_RATING
    if read.assignment.reading_session.session.kind == SessionKind.TRAINING:
        return Kind.TRAINING_FEEDBACK
    opened = _open_read(member)
    is_step_before = opened is not None and opened.assignment_id == read.assignment_id
    return Kind.OWN_FIRST_COMMIT if is_step_before else Kind.OWN_PRIOR_RATING


def _is_original(canary: Canary, member: StudyMember) -> bool:
    """Whether the member's open item shows it: free text is left out of every item."""
    originals = ItemOriginal.objects.filter(item__opened_by=member.user_id, item__status=ItemStatus.OPEN)
    return not canary.text.startswith("ANSWER") and originals.filter(read=canary.read).exists()


def _phase_for(member: StudyMember) -> Phase:
    study = ReaderStudy.objects.get(pk=member.study_id)
    read = _open_read(member)
    if read is not None and desk_phase(study) is Phase.UNAIDED:
        return phase_of(read)
    return desk_phase(study)


def _open_read(member: StudyMember) -> Read | None:
    return Read.objects.filter(reader=member.user_id, study=member.study_id, status=ReadStatus.DRAFT).first()


# ------------------------------------------------------------------------------------------------ the sweep


@dataclass(frozen=True)
class Sighting:
    """A canary in a response: who saw it, where, and whether that is allowed."""

    who: str
    where: str
    canary: Canary
    is_allowed: bool

    def __str__(self) -> str:
        return f"{self.who} sees {self.canary.kind} {self.canary.text!r} in {self.where}"


@dataclass
class Sweep:
    """Everything that was seen; `leaks` should be empty and `asked` should not."""

    sightings: list[Sighting] = field(default_factory=list)
    asked: int = 0
    answered: set[tuple[str, str]] = field(default_factory=set)

    @property
    def leaks(self) -> list[str]:
        return sorted({str(one) for one in self.sightings if not one.is_allowed})

    def seen(self, who: str, kind: Kind) -> bool:
        return any(one.is_allowed and one.who == who and one.canary.kind is kind for one in self.sightings)


@dataclass(frozen=True)
class Addresses:
    """Values for every parameter that a route may have."""

    values: dict[str, list[Any]]

    def of(self, route: Route) -> Iterator[str]:
        unknown = set(route.parameters) - self.values.keys()
        assert not unknown, f"teach the sweep which values {unknown} of {route.name} can have"
        for chosen in product(*(self.values[name] for name in route.parameters)):
            yield route.url(**dict(zip(route.parameters, chosen, strict=True)))


def addresses_in(world: TwoStudies) -> Addresses:
    """Every id of the first study, and of the second those that differ in kind; and ids that do not exist."""
    reads = list(Read.objects.filter(study=world.alfa.study).values_list("pk", flat=True))
    foreign = Read.objects.filter(study=world.beta.study).order_by("reader", "-opened_at")
    reads += [foreign.filter(reader=world.beta.people[part]).first() for part in ("reader1", "reader2")]
    ids = [getattr(one, "pk", one) for one in reads if one is not None]
    ids += [world.alfa.cases[0].pk, world.alfa.study_case(world.alfa.cases[0]).pk, uuid.UUID(int=3)]
    items = list(AdjudicationItem.objects.filter(study=world.alfa.study).values_list("pk", flat=True))
    of_beta = AdjudicationItem.objects.filter(study=world.beta.study, status=ItemStatus.OPEN)
    items += of_beta.values_list("pk", flat=True)
    files = ResultFile.objects.values_list("name", flat=True).distinct()
    return Addresses(
        {
            "slug": [world.alfa.slug, world.beta.slug, "no-such-study"],
            "read_id": ids,
            "item_id": [*items, uuid.UUID(int=4)],
            "ordinal": [0, 1],
            "number": [world.alfa.cases[0].number, world.beta.cases[0].number],
            "member_id": [
                StudyMember.objects.get(user=story.people["reader1"], study=story.study).pk
                for story in (world.alfa, world.beta)
            ],
            "reopening_id": [*Reopening.objects.values_list("pk", flat=True), uuid.UUID(int=5)],
            "index": [0, 1],
            "frame": [1],
            "overlay": ["region", "influence", "no-such-overlay"],
            "run_id": [*AnalysisRun.objects.values_list("pk", flat=True), uuid.UUID(int=6)],
            "dataset_id": [*OutsideDataset.objects.values_list("pk", flat=True), uuid.UUID(int=12)],
            "path": ["results.json", "report.json", "dataset/reads.csv", "no/such-file"],
            "name": sorted({"results.json", "reads.csv", "no-such-file", *files}),
        }
    )


def bodies(route: Route) -> list[dict[str, Any]]:
    """A body with everything that any route takes, and one with everything wrong."""
    answers = {
        "side_region": "left_obturator",
        "short_axis_mm": 6.5,
        "criterion_heterogeneous": True,
        "criterion_margin": False,
        "rating": 4,
        "comment": "",
    }
    shared = {"username": "reader1-alfa-user", "password": "wrong", "timing": {}, "reason": "Swept."}
    shared |= {"analysis_set": "as-read", "level": 0.9, "seed": 1, "plan": '{"times": [12]}'}
    key = uuid.UUID(int=11)
    return [
        {**shared, "revision": 1, "idempotency_key": key, "answers": answers, "measurements": []},
        {"revision": -1, "idempotency_key": "x", "answers": {"rating": "9", "nope": 1}, "measurements": [{}]},
    ]


def sweep(world: TwoStudies, parts: list[str] | None = None) -> Sweep:
    """Ask everything as everybody (or as `parts`), and note every canary that comes out."""
    found = Sweep()
    canaries = _telling([*canaries_of(world.alfa), *canaries_of(world.beta)])
    observers = world.observers()
    # Who has not signed in gets one and the same 401 everywhere: the permission table says so.
    asked_by = parts or [name for name in observers if not name.startswith("b_") and name != "anonymous"]
    where = addresses_in(world)
    with at(world.now):
        for who in asked_by:
            _Looking(found, canaries, who, observers[who], where).everywhere()
    return found


def _telling(canaries: list[Canary]) -> list[Canary]:
    """Those that tell their study: two reports may well have a number in common."""
    studies: dict[str, set[uuid.UUID]] = {}
    for canary in canaries:
        studies.setdefault(canary.text, set()).add(canary.study)
    return [canary for canary in canaries if len(studies[canary.text]) == 1]


@dataclass
class _Looking:
    found: Sweep
    canaries: list[Canary]
    who: str
    user: User | None
    where: Addresses

    def everywhere(self) -> None:
        self.client = client_of(self.user)
        for route in data_routes():
            for method in route.methods:
                for url in self.where.of(route):
                    for body in bodies(route) if method != "GET" else [None]:
                        with undone():
                            self._ask(route, method, url, body)

    def _ask(self, route: Route, method: str, url: str, body: Any) -> None:
        client = client_of(self.user) if route.name == "account:sign-out" else self.client
        answer = ask(client, method, url, body)
        self.found.answered.add((route.name, method))
        self._look(answer, f"{method} {url}")
        for nested in _nested_reads(answer):
            self._follow(nested)

    def _follow(self, read_id: str) -> None:
        """Everything about a read whose id came out just now."""
        where = Addresses({**self.where.values, "read_id": [read_id]})
        for route in data_routes():
            if "read_id" in route.parameters and "GET" in route.methods:
                for url in where.of(route):
                    self._look(ask(self.client, "GET", url), f"GET {url}")

    def _look(self, answer: HttpResponse, where: str) -> None:
        self.found.asked += 1
        assert answer.status_code < 500, f"{where} as {self.who} ended in {answer.status_code}"
        shown = _everything(answer)
        for canary in self.canaries:
            if canary.sought in shown:
                allowed = is_allowed(canary, self.user)
                self.found.sightings.append(Sighting(self.who, where, canary, allowed))


def _nested_reads(answer: HttpResponse) -> list[str]:
    if not answer.headers.get("Content-Type", "").startswith("application/json"):
        return []
    body = answer.json()
    read_id = body.get("read_id") if isinstance(body, dict) else None
    return [read_id] if read_id else []


def _everything(answer: HttpResponse) -> bytes:
    """Body, unpacked beside itself where it is gzip, headers with the file name among them, and cookies."""
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    body = answer.content
    parts = [body, headers.encode(), answer.cookies.output().encode()]
    if body.startswith(GZIP):
        parts += [gzip.decompress(body), base64.b64encode(body)]
    return b"\n".join(parts)
