from __future__ import annotations
import collections.abc
import typing
__all__ = ['Application', 'ApplicationBuilder', 'Assessment', 'AssumedObject', 'BlastRadius', 'Catalog', 'Code', 'Component', 'ComponentAssessment', 'CrashDifference', 'CrashReport', 'Definition', 'Diagnostic', 'Done', 'Edge', 'Error', 'Event', 'Graph', 'Input', 'Label', 'MemoryHost', 'Model', 'Need', 'Node', 'ObjectState', 'Observed', 'Outcome', 'Output', 'Plan', 'Policy', 'ProductAssessment', 'Resource', 'ResourceAssessment', 'Run', 'SimulatedStep', 'Simulation', 'SolutionAssessment', 'Source', 'StateMachine', 'StateTransition', 'Step', 'Subscription', 'Task', 'Together', 'Trait', 'Wait', 'Workflow', 'WorkflowStep', 'assess', 'blast_radii', 'codes', 'command_table', 'dump', 'explore_crashes', 'graph', 'load', 'load_all', 'load_catalog', 'plan', 'react', 'read', 'render', 'resolve', 'simulate', 'state_machine_of']
class Error(Exception):
    """
    A mistake in a document, a plan or a record; `diagnostics` has all of them.
    """
    diagnostics: tuple[Diagnostic, ...]
class Source:
    """
    A text and the name it goes by in messages.
    """
    def __init__(self, name: str, text: typing.Any) -> None:
        ...
    def __repr__(self) -> str:
        ...
    @property
    def name(self) -> str:
        ...
    @property
    def text(self) -> str:
        ...
class Label:
    """
    Another place that has to do with a diagnostic.
    """
    def __repr__(self) -> str:
        ...
    @property
    def column(self) -> int:
        ...
    @property
    def end_column(self) -> int:
        ...
    @property
    def end_line(self) -> int:
        ...
    @property
    def excerpt(self) -> str:
        """
        The source line, without its line break.
        """
    @property
    def file(self) -> str:
        ...
    @property
    def line(self) -> int:
        ...
    @property
    def text(self) -> str:
        ...
class Diagnostic:
    """
    One problem, with its place. str() is the text form.
    """
    def __repr__(self) -> str:
        ...
    def __str__(self) -> str:
        ...
    def to_dict(self) -> dict[str, typing.Any]:
        """
        As `oam vet --format json` has it.
        """
    @property
    def code(self) -> str:
        """
        A stable slug, such as "unknown-field".
        """
    @property
    def column(self) -> int:
        ...
    @property
    def end_column(self) -> int:
        ...
    @property
    def end_line(self) -> int:
        ...
    @property
    def excerpt(self) -> str:
        """
        The source line, without its line break.
        """
    @property
    def expected(self) -> str:
        """
        What would have been right; may be empty.
        """
    @property
    def file(self) -> str:
        ...
    @property
    def hint(self) -> str:
        """
        What to try; may be empty.
        """
    @property
    def line(self) -> int:
        ...
    @property
    def message(self) -> str:
        ...
    @property
    def pointer(self) -> str:
        """
        RFC 6901, into the document.
        """
    @property
    def related(self) -> tuple[typing.Any, ...]:
        ...
    @property
    def severity(self) -> str:
        """
        "error" or "warning".
        """
class Code:
    """
    What the code of a diagnostic means.
    """
    def __repr__(self) -> str:
        ...
    @property
    def help(self) -> str:
        """
        A paragraph with an example and a cure.
        """
    @property
    def severity(self) -> str:
        ...
    @property
    def slug(self) -> str:
        ...
    @property
    def summary(self) -> str:
        """
        A sentence.
        """
class Input:
    """
    A value of another component that this one needs.
    """
    @property
    def from_(self) -> str:
        """
        The name of an Output.
        """
    @property
    def parameter_key(self) -> str:
        ...
class Output:
    """
    A value that others may read once the resource is there.
    """
    @property
    def field_path(self) -> str:
        ...
    @property
    def name(self) -> str:
        ...
    @property
    def value_from(self) -> str:
        ...
class Trait:
    def __repr__(self) -> str:
        ...
    @property
    def object(self) -> typing.Any:
        """
        Of a 0.2 trait, as it is applied; else None.
        """
    @property
    def properties(self) -> typing.Any:
        ...
    @property
    def type(self) -> str:
        ...
class Component:
    def __repr__(self) -> str:
        ...
    @property
    def depends_on(self) -> tuple[typing.Any, ...]:
        ...
    @property
    def inputs(self) -> tuple[typing.Any, ...]:
        ...
    @property
    def name(self) -> str:
        ...
    @property
    def outputs(self) -> tuple[typing.Any, ...]:
        ...
    @property
    def properties(self) -> typing.Any:
        ...
    @property
    def scopes(self) -> tuple[typing.Any, ...]:
        ...
    @property
    def traits(self) -> tuple[typing.Any, ...]:
        ...
    @property
    def type(self) -> str:
        ...
    @property
    def workload(self) -> typing.Any:
        """
        Of a 0.2 component, parameters not yet filled in; else None.
        """
class Policy:
    def __repr__(self) -> str:
        ...
    @property
    def name(self) -> str:
        ...
    @property
    def properties(self) -> typing.Any:
        ...
    @property
    def type(self) -> str:
        ...
class WorkflowStep:
    def __repr__(self) -> str:
        ...
    @property
    def depends_on(self) -> tuple[typing.Any, ...]:
        ...
    @property
    def if_(self) -> str:
        ...
    @property
    def name(self) -> str:
        ...
    @property
    def properties(self) -> typing.Any:
        ...
    @property
    def sub_steps(self) -> tuple[typing.Any, ...]:
        ...
    @property
    def timeout(self) -> str:
        ...
    @property
    def type(self) -> str:
        ...
class Workflow:
    @property
    def mode(self) -> str:
        ...
    @property
    def ref(self) -> str:
        ...
    @property
    def steps(self) -> tuple[typing.Any, ...]:
        ...
    @property
    def sub_mode(self) -> str:
        ...
class Application:
    """
    What the author wrote. Immutable.
    """
    def __repr__(self) -> str:
        ...
    def dump(self, format: str = 'yaml') -> str:
        """
        The application as a v1beta1 document, "yaml" or "json".
        """
    def lost(self) -> tuple[typing.Any, ...]:
        """
        What a 0.2 application says that dump() cannot.
        """
    @property
    def annotations(self) -> dict[str, typing.Any]:
        ...
    @property
    def api_version(self) -> str:
        ...
    @property
    def components(self) -> tuple[typing.Any, ...]:
        """
        In the author's order.
        """
    @property
    def diagnostics(self) -> tuple[typing.Any, ...]:
        """
        The warnings of load().
        """
    @property
    def labels(self) -> dict[str, typing.Any]:
        ...
    @property
    def lenient(self) -> bool:
        ...
    @property
    def name(self) -> str:
        ...
    @property
    def namespace(self) -> str:
        ...
    @property
    def policies(self) -> tuple[typing.Any, ...]:
        ...
    @property
    def workflow(self) -> typing.Any:
        """
        None if none was written.
        """
class ApplicationBuilder:
    """
    Makes an Application in code, checked as if it had been read.
    """
    def __init__(self, name: str) -> None:
        ...
    def annotation(self, key: str, value: str) -> ApplicationBuilder:
        ...
    def build(self, *, app: str = '', namespace: str = 'default', lenient: bool = False) -> Application:
        ...
    def component(self, name: str, type: str, properties: typing.Any = None) -> ApplicationBuilder:
        ...
    def depends_on(self, component: str) -> ApplicationBuilder:
        ...
    def input(self, from_: str, parameter_key: str) -> ApplicationBuilder:
        ...
    def label(self, key: str, value: str) -> ApplicationBuilder:
        ...
    def namespace_(self, value: str) -> ApplicationBuilder:
        ...
    def output(self, name: str, value_from: str) -> ApplicationBuilder:
        ...
    def policy(self, name: str, type: str, properties: typing.Any = None) -> ApplicationBuilder:
        ...
    def scope(self, type: str, name: str) -> ApplicationBuilder:
        ...
    def step(self, name: str, type: str, properties: typing.Any = None) -> ApplicationBuilder:
        ...
    def text(self) -> str:
        """
        The document that build() reads.
        """
    def trait(self, type: str, properties: typing.Any = None) -> ApplicationBuilder:
        ...
class Definition:
    """
    One type that a Catalog knows.
    """
    def __repr__(self) -> str:
        ...
    @property
    def api_version(self) -> str:
        ...
    @property
    def definition_ref(self) -> str:
        """
        PLURAL.GROUP of what it renders.
        """
    @property
    def document(self) -> typing.Any:
        """
        The whole definition.
        """
    @property
    def kind(self) -> str:
        ...
    @property
    def name(self) -> str:
        ...
    @property
    def version(self) -> str:
        ...
class Catalog:
    """
    Which types exist and what they render. Immutable.
    """
    @staticmethod
    def standard() -> Catalog:
        """
        The types that liboam brings.
        """
    def __init__(self) -> None:
        """
        No types at all.
        """
    def __len__(self) -> int:
        ...
    def __or__(self, arg0: Catalog) -> Catalog:
        """
        Both; what stands in the right one wins.
        """
    def __repr__(self) -> str:
        ...
    def find(self, kind: str, name: str) -> typing.Any:
        """
        None if there is none; `name` may be NAME@VERSION.
        """
    @property
    def definitions(self) -> tuple[typing.Any, ...]:
        """
        By kind, then name.
        """
    @property
    def diagnostics(self) -> tuple[typing.Any, ...]:
        """
        The warnings of load_catalog().
        """
class ObjectState:
    """
    One of the states that an object goes through.
    """
    def __init__(self, name: str, *, condition: str = '', complete: bool = False, final: bool = False, health: str = 'Progressing') -> None:
        ...
    def __repr__(self) -> str:
        ...
    @property
    def complete(self) -> bool:
        """
        What waits for the object may go on.
        """
    @property
    def condition(self) -> str:
        """
        CUE on `object`; empty: no object shows it.
        """
    @property
    def final(self) -> bool:
        """
        Its life may end here.
        """
    @property
    def health(self) -> str:
        ...
    @property
    def name(self) -> str:
        ...
class StateTransition:
    def __repr__(self) -> str:
        ...
    @property
    def from_(self) -> str:
        ...
    @property
    def points(self) -> tuple[str, ...]:
        """
        Of the hooks that run on the way.
        """
    @property
    def to(self) -> str:
        ...
class StateMachine:
    """
    The states that an object goes through in its life. Immutable.
    """
    @typing.overload
    def __init__(self) -> None:
        """
        That of every object.
        """
    @typing.overload
    def __init__(self, name: str, states: collections.abc.Sequence[ObjectState], transitions: collections.abc.Sequence[tuple[str, str]] = ...) -> None:
        """
        Transitions are pairs of names: from, to. The first state is the one before there is an object.
        """
    def __repr__(self) -> str:
        ...
    def allows(self, from_: str, to: str) -> bool:
        """
        An object may also stay.
        """
    def dead_ends(self) -> tuple[str, ...]:
        """
        From which neither a complete nor a final one is reached.
        """
    def dot(self) -> str:
        ...
    def find(self, state: str) -> ObjectState | None:
        """
        None if there is none of this name.
        """
    def json(self) -> str:
        ...
    def state_of(self, object: typing.Any) -> ObjectState | None:
        """
        The first state whose condition holds; None: the object shows none of them.
        """
    def to_dict(self) -> typing.Any:
        ...
    def unreachable(self) -> tuple[str, ...]:
        """
        States that nothing leads to from the first.
        """
    @property
    def name(self) -> str:
        ...
    @property
    def states(self) -> tuple[ObjectState, ...]:
        ...
    @property
    def transitions(self) -> tuple[StateTransition, ...]:
        ...
class Resource:
    """
    One object to be applied.
    """
    def __repr__(self) -> str:
        ...
    @property
    def api_version(self) -> str:
        ...
    @property
    def complete(self) -> bool:
        """
        Whether everything is known now.
        """
    @property
    def component(self) -> str:
        """
        The owner; "*" for what belongs to the application.
        """
    @property
    def kind(self) -> str:
        ...
    @property
    def name(self) -> str:
        ...
    @property
    def namespace(self) -> str:
        """
        Empty: cluster-scoped.
        """
    @property
    def object(self) -> typing.Any:
        """
        A fresh dict[str, typing.Any], complete but for what is known only at run time.
        """
    @property
    def output(self) -> str:
        ...
    @property
    def role(self) -> str:
        ...
    @property
    def trait(self) -> str:
        """
        The trait's type; empty for the workload.
        """
class Model:
    """
    What an Application means. Immutable.
    """
    def __repr__(self) -> str:
        ...
    def state_machine(self, resource: typing.SupportsInt | typing.SupportsIndex) -> StateMachine:
        """
        The states that an object goes through; `resource`: an index into `resources`.
        """
    @property
    def application(self) -> typing.Any:
        ...
    @property
    def diagnostics(self) -> tuple[typing.Any, ...]:
        """
        The warnings of resolve().
        """
    @property
    def resources(self) -> tuple[typing.Any, ...]:
        """
        In apply order.
        """
class Observed:
    """
    What exists now. Immutable.
    """
    @staticmethod
    def parse(source: typing.Any) -> Observed:
        """
        Of {"objects": [...], "inventory": [...]}, or objects as kubectl prints them; takes what load() takes.
        """
    def __init__(self, objects: collections.abc.Iterable[typing.Any] = ()) -> None:
        """
        Complete objects, with status; none: nothing exists.
        """
    def __len__(self) -> int:
        ...
    def __repr__(self) -> str:
        ...
    def find(self, api_version: str, kind: str, namespace: str, name: str) -> typing.Any:
        """
        None if it does not exist.
        """
    @property
    def objects(self) -> tuple[typing.Any, ...]:
        ...
class ResourceAssessment:
    @property
    def drifted(self) -> bool:
        """
        A field that we set has another value.
        """
    @property
    def health(self) -> str:
        ...
    @property
    def kind(self) -> str:
        ...
    @property
    def message(self) -> str:
        ...
    @property
    def name(self) -> str:
        ...
    @property
    def resource(self) -> int:
        """
        Index into Model.resources.
        """
    @property
    def state(self) -> str:
        """
        That its life cycle calls it; empty: it shows none.
        """
class ComponentAssessment:
    @property
    def health(self) -> str:
        ...
    @property
    def name(self) -> str:
        ...
    @property
    def resources(self) -> tuple[typing.Any, ...]:
        ...
class AssumedObject:
    """
    An object that the application uses and does not make.
    """
    @property
    def health(self) -> str:
        ...
    @property
    def kind(self) -> str:
        ...
    @property
    def made_by(self) -> str:
        """
        Another application that makes it, where several are assessed together.
        """
    @property
    def name(self) -> str:
        ...
    @property
    def namespace(self) -> str:
        ...
    @property
    def used_by(self) -> tuple[str, ...]:
        """
        Components.
        """
class Assessment:
    """
    How an application stands. str() is the tree.
    """
    def __repr__(self) -> str:
        ...
    def __str__(self) -> str:
        ...
    def json(self) -> str:
        ...
    def text(self) -> str:
        ...
    def to_dict(self) -> typing.Any:
        ...
    @property
    def application(self) -> str:
        ...
    @property
    def assumed(self) -> tuple[AssumedObject, ...]:
        """
        Used and not made: they change no health.
        """
    @property
    def complete(self) -> bool:
        ...
    @property
    def components(self) -> tuple[typing.Any, ...]:
        ...
    @property
    def expected(self) -> int:
        ...
    @property
    def extra(self) -> tuple[str, ...]:
        """
        KIND[.GROUP]/[NAMESPACE.]NAME: there, and no part of the application any more.
        """
    @property
    def health(self) -> str:
        """
        healthy, suspended, progressing, missing, degraded or unknown.
        """
    @property
    def namespace(self) -> str:
        ...
    @property
    def present(self) -> int:
        ...
    @property
    def product(self) -> str:
        """
        That it is part of; empty: of none.
        """
class Together:
    """
    What the applications of a whole come to.
    """
    @property
    def as_wanted(self) -> bool:
        ...
    @property
    def cause(self) -> tuple[str, ...]:
        """
        The applications that are as bad as the whole; none if it is healthy.
        """
    @property
    def complete(self) -> bool:
        ...
    @property
    def drifted(self) -> int:
        """
        Resources with differences.
        """
    @property
    def expected(self) -> int:
        ...
    @property
    def extra(self) -> int:
        """
        Objects that are no part of any of them any more.
        """
    @property
    def health(self) -> str:
        ...
    @property
    def present(self) -> int:
        ...
class ProductAssessment(Together):
    """
    Applications that name one product.
    """
    @property
    def alone(self) -> bool:
        """
        An application that names no product.
        """
    @property
    def applications(self) -> tuple[Assessment, ...]:
        ...
    @property
    def name(self) -> str:
        ...
class SolutionAssessment(Together):
    """
    How several applications stand together. str() is the tree.
    """
    def __repr__(self) -> str:
        ...
    def __str__(self) -> str:
        ...
    def json(self) -> str:
        ...
    def text(self) -> str:
        ...
    def to_dict(self) -> typing.Any:
        ...
    @property
    def name(self) -> str:
        ...
    @property
    def products(self) -> tuple[ProductAssessment, ...]:
        ...
class Node:
    """
    A future step.
    """
    @property
    def id(self) -> str:
        ...
    @property
    def kind(self) -> str:
        ...
class Edge:
    """
    `from_` comes after `to`, and why.
    """
    @property
    def from_(self) -> str:
        ...
    @property
    def kind(self) -> str:
        ...
    @property
    def place(self) -> typing.Any:
        """
        FILE:LINE:COLUMN, or None for a rule that holds always.
        """
    @property
    def reason(self) -> str:
        ...
    @property
    def rule(self) -> str:
        ...
    @property
    def to(self) -> str:
        ...
class Graph:
    """
    What depends on what, and why. Immutable.
    """
    def __repr__(self) -> str:
        ...
    def __str__(self) -> str:
        ...
    def _repr_markdown_(self) -> str:
        ...
    def dot(self) -> str:
        """
        For Graphviz.
        """
    def html(self) -> str:
        """
        One page that needs no other.
        """
    def json(self) -> str:
        ...
    def mermaid(self) -> str:
        ...
    def text(self) -> str:
        ...
    def to_dict(self) -> typing.Any:
        ...
    @property
    def diagnostics(self) -> tuple[typing.Any, ...]:
        ...
    @property
    def edges(self) -> tuple[typing.Any, ...]:
        ...
    @property
    def nodes(self) -> tuple[typing.Any, ...]:
        ...
class Need:
    """
    Why a step comes after another.
    """
    def __repr__(self) -> str:
        ...
    @property
    def kind(self) -> str:
        ...
    @property
    def place(self) -> typing.Any:
        """
        FILE:LINE:COLUMN, or None for a rule that holds always.
        """
    @property
    def reason(self) -> str:
        ...
    @property
    def rule(self) -> str:
        ...
    @property
    def step(self) -> str:
        ...
class Step:
    """
    One step of a plan.
    """
    def __repr__(self) -> str:
        ...
    @property
    def action(self) -> str:
        ...
    @property
    def changes(self) -> tuple[typing.Any, ...]:
        """
        Fields that it changes, as texts.
        """
    @property
    def why(self) -> str:
        """
        Why this action; empty: by its fields, or nothing was observed.
        """
    @property
    def class_(self) -> str:
        ...
    @property
    def component(self) -> str:
        ...
    @property
    def gate(self) -> str:
        ...
    @property
    def id(self) -> str:
        ...
    @property
    def kind(self) -> str:
        ...
    @property
    def lane(self) -> str:
        ...
    @property
    def needs(self) -> tuple[typing.Any, ...]:
        ...
    @property
    def object(self) -> typing.Any:
        """
        Of an apply, a fresh dict[str, typing.Any], complete but for what is known only later.
        """
    @property
    def outputs(self) -> tuple[typing.Any, ...]:
        """
        Names of the values that it publishes.
        """
    @property
    def resource(self) -> str:
        """
        KIND[.GROUP]/NAME; empty for a render of a component.
        """
    @property
    def target(self) -> typing.Any:
        ...
class Plan:
    """
    What to do, in which order, each step with its reasons. Immutable.
    """
    @staticmethod
    def from_dict(dict: typing.Any) -> Plan:
        ...
    @staticmethod
    def parse(json: typing.Any) -> Plan:
        ...
    def __bool__(self) -> bool:
        ...
    def __eq__(self, arg0: object) -> bool:
        ...
    def __getstate__(self) -> tuple[str]:
        ...
    def __hash__(self) -> int:
        ...
    def __len__(self) -> int:
        ...
    def __repr__(self) -> str:
        ...
    def __setstate__(self, arg0: tuple[typing.Any, ...]) -> None:
        ...
    def __str__(self) -> str:
        ...
    def bytes(self) -> bytes:
        """
        Canonical; `hash` is over them.
        """
    def check(self, observed: typing.Any = None, fresh: typing.Any = None) -> typing.Any:
        """
        Does it still hold? A dict: holds, observed, wanted (what it was compared with), stale (step, why), waiting, lacking. `fresh` is the plan as it would be made now.
        """
    def difference(self, before: Plan) -> typing.Any:
        """
        How it differs from another, step by step, as a dict.
        """
    def inverse(self) -> tuple[typing.Any, ...]:
        """
        The plan that undoes it, and what that does not undo: (step, why) pairs.
        """
    def part(self, targets: collections.abc.Sequence[str] = [], *, exclude: collections.abc.Sequence[str] = [], reach: str = 'up') -> Plan:
        """
        Steps, components or objects by name, with what they need (up), what needs them (down), or both.
        """
    def explain(self, step: str, before: typing.Any = None) -> str:
        """
        In words: what a step is and waits for; with `before`, why it comes after that step.
        """
    def find(self, id: str) -> typing.Any:
        """
        None if there is no such step.
        """
    def json(self) -> str:
        """
        What parse() reads back.
        """
    def text(self, colour: bool = False) -> str:
        """
        The table that print() shows.
        """
    def to_dict(self) -> typing.Any:
        ...
    @property
    def application(self) -> str:
        ...
    @property
    def diagnostics(self) -> tuple[typing.Any, ...]:
        """
        The warnings of plan().
        """
    @property
    def graph(self) -> Graph:
        """
        Empty for a plan that was read from JSON.
        """
    @property
    def hash(self) -> str:
        """
        SHA-256, hex; nothing but meaning changes it.
        """
    @property
    def incomplete(self) -> str:
        """
        Why this is a part of a plan alone; empty: it is whole.
        """
    @property
    def kept(self) -> int:
        """
        How many objects are as they should be.
        """
    @property
    def steps(self) -> tuple[typing.Any, ...]:
        """
        Dependencies first, ties in the author's order.
        """
class Task:
    """
    Do this now, then report.
    """
    __match_args__: typing.ClassVar[tuple[typing.Any, ...]] = ('step', 'kind', 'action', 'object')
    def __repr__(self) -> str:
        ...
    def json(self) -> str:
        ...
    @property
    def action(self) -> str:
        ...
    @property
    def attempt(self) -> int:
        ...
    @property
    def id(self) -> str:
        """
        Of this attempt.
        """
    @property
    def kind(self) -> str:
        """
        render, hook or apply.
        """
    @property
    def object(self) -> typing.Any:
        ...
    @property
    def run(self) -> str:
        ...
    @property
    def step(self) -> str:
        ...
    @property
    def target(self) -> typing.Any:
        ...
    @property
    def timeout(self) -> int:
        """
        Milliseconds, after which the run gives the attempt up; 0: never.
        """
    @property
    def token(self) -> str:
        """
        Stable over the attempts of one step.
        """
class Wait:
    """
    Nothing to do before `until`, or before a task in flight is reported.
    """
    __match_args__: typing.ClassVar[tuple[typing.Any, ...]] = ('until', 'in_flight')
    def __repr__(self) -> str:
        ...
    @property
    def in_flight(self) -> int:
        ...
    @property
    def until(self) -> int | None:
        ...
class Done:
    """
    The end; repeats for ever.
    """
    __match_args__: typing.ClassVar[tuple[typing.Any, ...]] = ('ok', 'result')
    def __bool__(self) -> bool:
        ...
    def __repr__(self) -> str:
        ...
    @property
    def blocked(self) -> int:
        ...
    @property
    def cancelled(self) -> int:
        ...
    @property
    def failed(self) -> int:
        ...
    @property
    def held(self) -> int:
        ...
    @property
    def ok(self) -> bool:
        ...
    @property
    def reasons(self) -> tuple[typing.Any, ...]:
        ...
    @property
    def result(self) -> str:
        ...
    @property
    def skipped(self) -> int:
        ...
    @property
    def succeeded(self) -> int:
        ...
class Outcome:
    """
    What happened to a task.
    """
    @staticmethod
    def cancelled(message: str = '', *, outputs: typing.Any = None, object: typing.Any = None, ready: bool | None = None, revision: str = '', retry_after: typing.Any = None) -> Outcome:
        ...
    @staticmethod
    def failed(message: str = '', *, outputs: typing.Any = None, object: typing.Any = None, ready: bool | None = None, revision: str = '', retry_after: typing.Any = None) -> Outcome:
        ...
    @staticmethod
    def retry(message: str = '', *, outputs: typing.Any = None, object: typing.Any = None, ready: bool | None = None, revision: str = '', retry_after: typing.Any = None) -> Outcome:
        ...
    @staticmethod
    def succeeded(message: str = '', *, outputs: typing.Any = None, object: typing.Any = None, ready: bool | None = None, revision: str = '', retry_after: typing.Any = None) -> Outcome:
        ...
    @staticmethod
    def unchanged(message: str = '', *, outputs: typing.Any = None, object: typing.Any = None, ready: bool | None = None, revision: str = '', retry_after: typing.Any = None) -> Outcome:
        ...
    @staticmethod
    def unknown(message: str = '', *, outputs: typing.Any = None, object: typing.Any = None, ready: bool | None = None, revision: str = '', retry_after: typing.Any = None) -> Outcome:
        ...
    def __init__(self, result: str, *, outputs: typing.Any = None, object: typing.Any = None, ready: bool | None = None, revision: str = '', message: str = '', retry_after: typing.Any = None) -> None:
        ...
    def __repr__(self) -> str:
        ...
    def json(self) -> str:
        ...
    @property
    def message(self) -> str:
        ...
    @property
    def object(self) -> typing.Any:
        ...
    @property
    def outputs(self) -> typing.Any:
        ...
    @property
    def ready(self) -> bool | None:
        """
        The host's own word on the gate; None: the object says it.
        """
    @property
    def result(self) -> str:
        ...
    @property
    def retry_after(self) -> int | None:
        """
        Milliseconds from now.
        """
    @property
    def revision(self) -> str:
        ...
class Event:
    """
    Something the run decided.
    """
    def __repr__(self) -> str:
        ...
    def json(self) -> str:
        """
        A CloudEvent.
        """
    def attribute(self, name: str) -> str | None:
        """
        As CloudEvents name it; None: it has none.
        """
    def log(self) -> str:
        """
        The same as a line of a log.
        """
    @property
    def attempt(self) -> int:
        ...
    @property
    def cause(self) -> str:
        ...
    @property
    def lane(self) -> str:
        ...
    @property
    def id(self) -> str:
        ...
    @property
    def message(self) -> str:
        ...
    @property
    def step(self) -> str:
        ...
    @property
    def time(self) -> int:
        ...
    @property
    def type(self) -> str:
        ...
class Subscription:
    """
    Which events somebody wants, and where they go.
    """
    @staticmethod
    def parse(source: typing.Any, *, name: str = 'text') -> list[Subscription]:
        ...
    def wants(self, event: Event) -> bool:
        ...
    @property
    def id(self) -> str:
        ...
    @property
    def sink(self) -> str:
        ...
class Run:
    """
    Carries out a plan without touching the world. One thread at a time.
    """
    @staticmethod
    def restore(plan: Plan, checkpoint: typing.Any = None, records: collections.abc.Sequence[str] = ..., now: typing.Any = 0, *, id: str = '', journal: bool = True) -> Run:
        ...
    def __init__(self, plan: Plan, id: str = '', *, journal: bool = True, attempts: typing.Any = None, parallel: typing.Any = None, ignore_pace: bool = False) -> None:
        ...
    def __repr__(self) -> str:
        ...
    @staticmethod
    def succeed(old: Run, plan: Plan, *, id: str = '', journal: bool = True) -> Run:
        """
        The run of another plan that goes on where `old` stopped.
        """
    def cancel(self, now: typing.Any, *, actor: str = '', reason: str = '') -> bool:
        """
        No new tasks; what is in flight is still to be reported.
        """
    def decide(self, step: str, command: str, now: typing.Any, *, actor: str = '', reason: str = '') -> bool:
        ...
    def pause(self, now: typing.Any, *, actor: str = '', reason: str = '') -> bool:
        """
        Nothing new is handed out until resume().
        """
    def resume(self, now: typing.Any, *, actor: str = '', reason: str = '') -> bool:
        ...
    def supersede(self, now: typing.Any, *, actor: str = '', reason: str = '', successor: str = '') -> bool:
        """
        As cancel(), because another plan takes over.
        """
    @property
    def phase(self) -> str:
        ...
    @property
    def superseded(self) -> bool:
        """
        Another plan has taken over.
        """
    @property
    def successor(self) -> str:
        """
        Who has taken over, if that was said.
        """
    @property
    def unwanted(self) -> list[str]:
        """
        Tasks in flight that nobody waits for.
        """
    def next(self, now: typing.Any) -> Task | Wait | Done:
        ...
    def report(self, task: str, outcome: Outcome, now: typing.Any) -> str:
        ...
    def save(self) -> str:
        """
        A checkpoint for restore().
        """
    def state(self, step: str) -> str:
        ...
    def take_events(self) -> tuple[Event, ...]:
        ...
    def take_records(self) -> list[str]:
        """
        JSON lines: make them durable before performing the task.
        """
    @property
    def halted(self) -> list[str]:
        ...
    @property
    def held(self) -> list[str]:
        ...
    @property
    def id(self) -> str:
        ...
class MemoryHost:
    """
    A small fake cluster in virtual time.
    """
    def __init__(self) -> None:
        ...
    def fail(self, step: str, outcome: Outcome, times: typing.SupportsInt | typing.SupportsIndex = 1) -> None:
        ...
    def now(self) -> int:
        ...
    def observe(self) -> Observed:
        ...
    def perform(self, task: Task) -> Outcome:
        ...
    def show(self, object: str, status: typing.Any, *, namespace: str = '', after: typing.Any = 0) -> None:
        """
        The status that an object, KIND[.GROUP]/NAME, shows once it has been applied so long.
        """
    def sleep_until(self, until: typing.Any) -> None:
        ...
    def stall(self, step: str) -> None:
        ...
class SimulatedStep:
    """
    What became of a step; times in milliseconds, None: it never began.
    """
    def __repr__(self) -> str:
        ...
    @property
    def attempts(self) -> int:
        ...
    @property
    def cause(self) -> str | None:
        ...
    @property
    def critical(self) -> bool:
        ...
    @property
    def end(self) -> int | None:
        ...
    @property
    def lane(self) -> str:
        ...
    @property
    def message(self) -> str:
        """
        Why it has failed, is held, or was cut off with its lane.
        """
    @property
    def ready(self) -> int | None:
        ...
    @property
    def slack(self) -> int:
        ...
    @property
    def start(self) -> int | None:
        ...
    @property
    def state(self) -> str:
        ...
    @property
    def step(self) -> str:
        ...
class Simulation:
    """
    How a run would go. Immutable.
    """
    def __repr__(self) -> str:
        ...
    def __str__(self) -> str:
        ...
    def json(self) -> str:
        ...
    def text(self) -> str:
        ...
    def to_dict(self) -> typing.Any:
        ...
    def html(self) -> str:
        ...
    def svg(self) -> str:
        ...
    def _repr_svg_(self) -> str:
        ...
    @property
    def core_ready(self) -> int | None:
        ...
    @property
    def critical_path(self) -> tuple[str, ...]:
        ...
    @property
    def done(self) -> Done:
        ...
    @property
    def peak(self) -> int:
        ...
    @property
    def steps(self) -> tuple[SimulatedStep, ...]:
        ...
    @property
    def took(self) -> int:
        ...
    @property
    def waited(self) -> int:
        ...
    @property
    def work(self) -> int:
        ...
class BlastRadius:
    """
    What it costs when a step fails.
    """
    def __repr__(self) -> str:
        ...
    @property
    def blocked(self) -> tuple[str, ...]:
        ...
    @property
    def core_ready(self) -> int | None:
        ...
    @property
    def result(self) -> str:
        ...
    @property
    def step(self) -> str:
        ...
class CrashDifference:
    """
    A resumed run that came to another end.
    """
    @property
    def done(self) -> tuple[str, ...]:
        ...
    @property
    def lost(self) -> tuple[str, ...]:
        ...
    @property
    def records(self) -> int:
        ...
    @property
    def what(self) -> str:
        ...
class CrashReport:
    """
    What came of every crash.
    """
    def __repr__(self) -> str:
        ...
    def __str__(self) -> str:
        ...
    def json(self) -> str:
        ...
    def text(self) -> str:
        ...
    def to_dict(self) -> typing.Any:
        ...
    @property
    def asked(self) -> int:
        ...
    @property
    def different(self) -> int:
        ...
    @property
    def differences(self) -> tuple[CrashDifference, ...]:
        ...
    @property
    def explored(self) -> int:
        ...
    @property
    def records(self) -> int:
        ...
    @property
    def undecided(self) -> int:
        ...
@typing.overload
def assess(model: Model, observed: Observed, *, catalog: Catalog | None = None) -> Assessment:
    """
    How the application stands, given what exists. The definitions of the catalog judge their own objects; without it kinds alone are judged.
    """
@typing.overload
def assess(models: collections.abc.Sequence[Model], observed: Observed, *, solution: str = '', catalog: Catalog | None = None) -> SolutionAssessment:
    """
    How several applications stand together, on one observation about all; the catalog as above.
    """
def blast_radii(plan: Plan, *, parallel: typing.Any = 0, attempts: typing.Any = None, fail: collections.abc.Iterable[typing.Any] = (), durations: dict[typing.Any, typing.Any] = ..., history: collections.abc.Sequence[str] = ...) -> tuple[BlastRadius, ...]:
    """
    What the failure of each step would keep from running, the widest first.
    """
def codes() -> tuple[typing.Any, ...]:
    """
    Every code there is, by slug.
    """
def command_table() -> typing.Any:
    """
    Which decision which state takes, and where it leads.
    """
def dump(value: typing.Any, format: str = 'yaml', *, indent: typing.Any = 2) -> str:
    """
    A value as text, "yaml" or "json".
    """
def explore_crashes(plan: Plan, *, lose_record: typing.Any = None, parallel: typing.Any = 1, attempts: typing.Any = None, fail: collections.abc.Iterable[typing.Any] = (), durations: dict[typing.Any, typing.Any] = ..., history: collections.abc.Sequence[str] = ...) -> CrashReport:
    """
    Breaks a run off after each record, with what was under way done or not, resumes it, and compares the ends.
    """
def graph(model: Model) -> Graph:
    """
    What depends on what; a cycle raises Error.
    """
def load(source: typing.Any, *, name: str = 'text', app: str = '', namespace: str = 'default', lenient: bool = False) -> Application:
    """
    Reads one application and what stands beside it. A str is text that goes by `name` in messages, a pathlib.Path a file or a folder of .yaml, .yml and .json files; a list[typing.Any] may mix both.
    """
def load_all(source: typing.Any, *, name: str = 'text', namespace: str = 'default', lenient: bool = False) -> tuple[Application, ...]:
    """
    Each application of a source; takes what load() takes. The warnings are those of all.
    """
def load_catalog(source: typing.Any, *, name: str = 'text') -> Catalog:
    """
    Reads definitions; takes what load() takes.
    """
def plan(model: Model, observed: typing.Any = None, *, settle_timeout: typing.Any = None, ignore: collections.abc.Sequence[str] = [], max_changes: typing.Any = None, max_deletes: typing.Any = None) -> Plan:
    """
    What to do to get from `observed` (None: nothing exists) to the model. `ignore`: fields whose difference does not count; a plan that would change or delete more objects than the limits (3, "20%") raises Error.
    """
def react(run: Run, subscriptions: collections.abc.Sequence[Subscription], events: collections.abc.Sequence[Event], now: typing.Any) -> int:
    """
    Carries out what subscriptions with an oam: sink say.
    """
def read(source: typing.Any, *, name: str = 'text') -> list[typing.Any]:
    """
    All documents as values, no kinds checked.
    """
def render(task: Task) -> Outcome:
    """
    Does a render task: pure, needs nothing but the task.
    """
def resolve(application: typing.Any, catalog: Catalog, *, cluster: str = '', lenient: bool = False) -> Model:
    """
    Looks every reference up, checks parameters and renders what can be known now.
    """
def simulate(plan: Plan, *, parallel: typing.Any = 0, attempts: typing.Any = None, fail: collections.abc.Iterable[typing.Any] = (), durations: dict[typing.Any, typing.Any] = ..., history: collections.abc.Sequence[str] = ...) -> Simulation:
    """
    How a run of the plan would go, on a clock that costs no time.
    """
__version__: str = '0.1.0'
def state_machine_of(definition: Definition) -> StateMachine:
    """
    What a definition says in spec.extension.lifecycle, else that of every object.
    """
