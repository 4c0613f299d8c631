"""Commands, and what several of them share: from functions (``base.commands``) to what Typer runs."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, get_args, get_origin

import typer

from anyshore.base.commands import Answer, Bounds, Group, Json, Progress, Taken
from anyshore.cli.output import progress, show


def bound(group: Group) -> typer.Typer:
    """A group as Typer runs it."""
    app = typer.Typer(help=group.help, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False)
    for name, one in group.commands.items():
        if isinstance(one, Group):
            app.add_typer(bound(one), name=name)
        else:
            app.command(name)(runnable(one))
    return app


def runnable(function: Callable[..., Answer | None]) -> Callable[..., None]:
    """What Typer runs: takes what it finds on the command line, and shows what the function answers."""
    parameters, call = _taking(function)
    answers = inspect.signature(function).return_annotation in (Answer, "Answer")
    if answers and all(one.name != "json" for one in parameters):
        parameters.append(_JSON)

    def run(**given: Any) -> None:
        if (answer := call(given)) is not None:
            show(answer, json=given["json"])

    run.__name__, run.__doc__ = function.__name__, function.__doc__
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {one.name: one.annotation for one in parameters}
    return run


def _taking(function: Callable[..., Any]) -> tuple[list[inspect.Parameter], Callable[[Mapping[str, Any]], Any]]:
    """The parameters of a function as Typer declares them, and the function of what Typer finds for those."""
    declared: list[inspect.Parameter] = []
    made: dict[str, Callable[[Mapping[str, Any]], Any]] = {}
    for one in inspect.signature(function, eval_str=True).parameters.values():
        kind, *said = get_args(one.annotation) if get_origin(one.annotation) is Annotated else (one.annotation,)
        if kind is Progress:
            made[one.name] = lambda _given: progress
            continue
        taken = [each for each in said if isinstance(each, Taken)]
        if taken:
            parameters, made[one.name] = _taking(taken[0].by)
            declared += parameters
        else:
            declared.append(_declared(one, kind, said))
            made[one.name] = _given(one.name, kind, said)
    return declared, lambda given: function(**{name: make(given) for name, make in made.items()})


def _declared(one: inspect.Parameter, kind: Any, said: Sequence[Any]) -> inspect.Parameter:
    texts = [each for each in said if isinstance(each, str)]
    names = [each for each in texts if each.startswith("-")]
    least, greatest = next((each for each in said if isinstance(each, Bounds)), Bounds())
    declare = typer.Option if one.kind is inspect.Parameter.KEYWORD_ONLY else typer.Argument
    told = " ".join(each for each in texts if each not in names)
    meant = declare(*names, help=told, min=least, max=greatest, formats=["%Y-%m-%d"])
    default = one.default
    if _converter(said):
        kind = kind if get_origin(kind) in (Sequence, Mapping) else str if default is not None else str | None
    if get_origin(kind) in (Sequence, Mapping):
        inner = get_args(kind)[0] if get_origin(kind) is Sequence and not _converter(said) else str
        kind = list[inner] if default is inspect.Parameter.empty else list[inner] | None  # type: ignore[valid-type]
        default = None if default is not inspect.Parameter.empty else default
    return one.replace(kind=inspect.Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[kind, meant])


def _given(name: str, kind: Any, said: Sequence[Any]) -> Callable[[Mapping[str, Any]], Any]:
    """What a parameter is given, of all that is."""
    convert: Callable[[Any], Any] = _converter(said) or (lambda text: text)
    if get_origin(kind) is Mapping:
        return lambda given: dict(map(convert, given[name] or ()))
    if get_origin(kind) is Sequence:
        return lambda given: [convert(one) for one in given[name] or ()]
    return lambda given: None if given[name] is None else convert(given[name])


def _converter(said: Iterable[Any]) -> Callable[[str], Any] | None:
    return next((each for each in said if callable(each)), None)


Hints = Annotated[bool, "Say for every problem what to do, and the rule."]
By = Annotated[str | None, "--by", "Who asks, for the ledger."]
Engagement = Annotated[str, "Id of the engagement, as in its terms."]
OneEngagement = Annotated[str | None, "--engagement", "Only this engagement."]
OneService = Annotated[str | None, "--service", "Only this service."]
_JSON = _declared(inspect.Parameter("json", inspect.Parameter.KEYWORD_ONLY, default=False), bool, get_args(Json)[1:])


def today() -> date:
    """The day where the command is given."""
    return datetime.now().astimezone().date()
