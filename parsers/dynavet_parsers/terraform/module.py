"""One instance of a module: what its names mean."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from dynavet.records import dataclass
from dynavet.sources import Sources
from dynavet.values import Known, List, Object, Origin, Unknown, Value, apply, bind
from dynavet_parsers.terraform.body import Body
from dynavet_parsers.terraform.configuration import META_ARGUMENTS, Configuration
from dynavet_parsers.terraform.data import EvaluationError, located
from dynavet_parsers.terraform.evaluate import Scope, evaluate, evaluate_strictly
from dynavet_parsers.terraform.expansion import Instance, expand
from dynavet_parsers.terraform.expressions import Argument, Block, Expression, For, Template, TemplateIf
from dynavet_parsers.terraform.handles import Named, ResourceHandle
from dynavet_parsers.terraform.lifecycle import setting
from dynavet_parsers.terraform.providers import own_providers, passed_providers
from dynavet_parsers.terraform.secrets import is_secret, kept_secret
from dynavet_parsers.terraform.sharing import shared
from dynavet_parsers.terraform.syntax import HclError, parse_body
from dynavet_parsers.terraform.variables import converted, declared_default

if TYPE_CHECKING:
    from dynavet_parsers.terraform.plan_view import PlanView

_END = "DYNAVET_END_OF_TEMPLATE"


class Modules(Protocol):
    """Where called modules come from."""

    @property
    def sources(self) -> Sources: ...
    def relative(self, directory: Path, start: Path) -> str: ...
    def called_configuration(self, parent: Module, address: str, block: Block) -> Configuration | Unknown: ...


@dataclass(eq=False)
class Module:
    """A module called with `arguments`; `prefix` is ``module.a["x"].`` or empty for the root.

    `providers` are the default tags of each provider configuration that the module sees, by
    the name under which it sees it (``aws``, ``aws.east``). `exists` is open where a
    condition decides about the call. `places` are where the instance hangs, more than one if
    it stands for others that are the same; `apart` are the calls that tell it from these, and
    `same` all instances of the root by what they are. `stands_for` is how many it stands for
    in all, once that has been counted. `plan` is the plan that the module is read with, if any.
    """

    configuration: Configuration
    loader: Modules
    root_directory: Path
    prefix: str = ""
    arguments: Mapping[str, Value[Any]] = field(default_factory=dict)
    calls: tuple[Origin, ...] = ()
    exists: Value[bool] = field(default=Known(True))
    providers: Mapping[str, Value[Any]] = field(default_factory=dict)
    workspace: Value[Any] = field(default=Unknown("terraform.workspace is chosen when Terraform runs"))
    places: tuple[tuple[Module, str], ...] = ()
    apart: tuple[Origin, ...] = ()
    same: dict[Hashable, Module] = field(default_factory=dict)
    stands_for: int = 0
    plan: PlanView | None = None
    _cache: dict[tuple[str, str], Value[Any]] = field(default_factory=dict)
    _running: set[tuple[str, str]] = field(default_factory=set)
    _instances: dict[tuple[str, str], tuple[Instance, ...]] = field(default_factory=dict)
    _children: dict[str, list[tuple[Instance, Module]] | Unknown] = field(default_factory=dict)

    @property
    def sources(self) -> Sources:
        return self.loader.sources

    @property
    def scope(self) -> Scope:
        return Scope(self)

    # ------------------------------------------------------------ names

    def name(self, name: str, at: Origin) -> Value[Any]:
        """What a name at the start of an expression means."""
        special: dict[str, Callable[[str], Value[Any]]] = {
            "var": self.variable,
            "local": self.local,
            "module": self._module_handle,
            "path": self._path,
            "terraform": self._terraform,
        }
        if name in special:
            return Known(Named(name, special[name]), at)
        if name == "data":
            return Known(Named("data", self._data_type), at)
        if name in ("each", "count", "self"):
            return Unknown(f"{name} has no meaning here", at)
        return Known(Named(name, lambda label: self._resource(self.configuration.resources, name, label)), at)

    def variable(self, name: str) -> Value[Any]:
        return self._once("var", name, lambda: self._variable(name))

    def _variable(self, name: str) -> Value[Any]:
        block = self.configuration.variables.get(name)
        if block is None:
            return Unknown(f"{self.prefix}var.{name} is not declared")
        if is_secret(block):
            return Unknown(f"{self.prefix}var.{name} is sensitive", block.at)
        given = self.arguments.get(name)
        if given is not None and not (isinstance(given, Known) and given.value is None and _not_nullable(block)):
            return converted(given, block)
        default = declared_default(block)
        if default is None:
            return Unknown(f"{self.prefix}var.{name} has no value", block.at)
        return converted(evaluate(default, self.scope), block)

    def local(self, name: str) -> Value[Any]:
        argument = self.configuration.locals.get(name)
        if argument is None:
            return Unknown(f"{self.prefix}local.{name} is not declared")
        return self._once("local", name, lambda: evaluate(argument.value, self.scope))

    def output(self, name: str) -> Value[Any]:
        block = self.configuration.outputs.get(name)
        if block is None:
            place = f"in {self.configuration.described}" if self.configuration.described else "declared"
            return Unknown(f"{self.prefix}output.{name} is not {place}")
        argument = block.arguments.get("value")
        if argument is None:
            return Unknown(f"{self.prefix}output.{name} has no value", block.at)
        value = self._once("output", name, lambda: evaluate(argument.value, self.scope))
        return kept_secret(value, f"{self.prefix}output.{name}") if is_secret(block) else value

    def _once(self, kind: str, name: str, compute: Callable[[], Value[Any]]) -> Value[Any]:
        key = (kind, name)
        if key in self._cache:
            return self._cache[key]
        if key in self._running:
            return Unknown(f"{self.prefix}{kind}.{name} refers to itself")
        self._running.add(key)
        try:
            self._cache[key] = compute()
        finally:
            self._running.discard(key)
        return self._cache[key]

    def _path(self, name: str) -> Value[Any]:
        directory = self.configuration.directory if name == "module" else self.root_directory
        if name not in ("module", "root"):
            return Unknown(f"path.{name} depends on where Terraform runs")
        return Known(self.loader.relative(directory, self.root_directory))

    def _terraform(self, name: str) -> Value[Any]:
        return self.workspace if name == "workspace" else Unknown(f"terraform.{name} is not known here")

    # ------------------------------------------------------------ resources

    def _data_type(self, kind: str) -> Value[Any]:
        return Known(Named(f"data.{kind}", lambda label: self._resource(self.configuration.data, kind, label)))

    def _resource(self, blocks: Mapping[tuple[str, str], Block], kind: str, label: str) -> Value[Any]:
        block = blocks.get((kind, label))
        mode = "data." if blocks is self.configuration.data else ""
        if block is None:
            return Unknown(f"{self.prefix}{mode}{kind}.{label} is not declared")
        handle: Value[Any] = Known(ResourceHandle(self, block, f"{self.prefix}{mode}{kind}.{label}"))
        return handle if setting(block, "enabled") is None else _unless_off(self.instances(block), handle)

    def instances(self, block: Block) -> tuple[Instance, ...]:
        """The instances of a resource or data block of this module."""
        mode = "data." if block.type == "data" else ""
        address = f"{mode}{'.'.join(block.labels)}"
        key = (block.type, address)
        if key not in self._instances:
            if key in self._running:
                raise EvaluationError(f"{address} refers to itself")
            self._running.add(key)
            try:
                self._instances[key] = self._planned(block, address, expand(block, self.scope, address))
            finally:
                self._running.discard(key)
        return self._instances[key]

    def _planned(self, block: Block, address: str, own: tuple[Instance, ...]) -> tuple[Instance, ...]:
        return own if self.plan is None else self.plan.instances(block, f"{self.prefix}{address}", self.scope, own)

    def body(self, block: Block, scope: Scope, address: str) -> Body:
        """One instance of a resource or data block, to be read."""
        return Body(block, scope) if self.plan is None else self.plan.body(block, scope, address)

    # ------------------------------------------------------------ child modules

    def children(self, name: str) -> list[tuple[Instance, Module]] | Unknown:
        """The instances of a module call, or why its source is not here."""
        if name not in self._children:
            block = self.configuration.modules[name]
            self._children[name] = Unknown(f"{self.prefix}module.{name} refers to itself")
            self._children[name] = self._call(name, block)
        return self._children[name]

    def _call(self, name: str, block: Block) -> list[tuple[Instance, Module]] | Unknown:
        address = f"{self.prefix}module.{name}"
        instances = self._planned(block, f"module.{name}", expand(block, self.scope, f"module.{name}"))
        if not instances:
            return []
        configuration = self.loader.called_configuration(self, address, block)
        if isinstance(configuration, Unknown):
            return configuration
        return [(i, shared(self._child(f"module.{name}{i.suffix}.", block, configuration, i))) for i in instances]

    def _child(self, step: str, block: Block, configuration: Configuration, instance: Instance) -> Module:
        child = Module(
            configuration,
            self.loader,
            self.root_directory,
            self.prefix + step,
            {n: _argument(a, instance.scope) for n, a in block.arguments.items() if n not in META_ARGUMENTS},
            (*self.calls, block.at),
            self.there(instance.exists),
            workspace=self.workspace,
            places=((self, step),),
            apart=(*self.apart, block.at) if self.configuration.remarked or not self.calls else self.apart,
            same=self.same,
            plan=self.plan,
        )
        child.providers = {**passed_providers(self, block, instance.scope), **own_providers(child)}
        return child

    def _module_handle(self, name: str) -> Value[Any]:
        if name not in self.configuration.modules:
            return Unknown(f"{self.prefix}module.{name} is not declared")
        found = self.children(name)
        if isinstance(found, Unknown):
            return found
        block = self.configuration.modules[name]
        if not {"count", "for_each"} & set(block.arguments):
            return _unless_off((found[0][0],), self._outputs(found[0][1]))
        if any(not instance.suffix for instance, _ in found):
            return (
                found[0][1].exists
                if isinstance(found[0][1].exists, Unknown)
                else Known(Named(f"{self.prefix}module.{name}", lambda _: self._outputs(found[0][1])))
            )
        if "count" in block.arguments:
            return Known(List(tuple(self._outputs(module) for _, module in found)))
        return Known(Object({instance.suffix[2:-2]: self._outputs(module) for instance, module in found}))

    def _outputs(self, module: Module) -> Value[Any]:
        return Known(Named(module.prefix.rstrip("."), module.output))

    def render_template(self, text: str, at: Origin, variables: Object) -> Value[Any]:
        """A template file's text with these variables in place of the module's names."""
        if _END in text:
            return Unknown("the template cannot be read", at)
        try:
            body = parse_body(f"value = <<{_END}\n{text}\n{_END}\n".encode(), at.path)
        except HclError as error:
            return Unknown(f"{at.path} is not a template: {error.message}", at)
        template = _without_last_newline(body.arguments["value"].value, at, added=not text.endswith("~}"))
        return evaluate_strictly(template, Scope(self, dict(variables.entries), closed=True))

    def there(self, exists: Value[bool]) -> Value[bool]:
        """Whether an instance in this module exists, the module's own existence considered."""
        return apply(lambda a, b: a and b, self.exists, exists)


def _without_last_newline(template: Expression, at: Origin, *, added: bool) -> Expression:
    """A heredoc as the template it was made of; one that is a single value is that value."""
    if not isinstance(template, Template):
        return template
    parts = template.parts
    if added and parts and isinstance(parts[-1], str):
        shorter = parts[-1].removesuffix("\n")
        parts = (*parts[:-1], *((shorter,) if shorter else ()))
    single = len(parts) == 1 and not isinstance(parts[0], (str, For, TemplateIf))
    return Template(parts, at, None if single else (1, 1))


def _unless_off(instances: tuple[Instance, ...], there: Value[Any]) -> Value[Any]:
    """What a name means that stands for one thing which may not be enabled, and is null then."""
    return bind(lambda exists: there if exists else Known(None), instances[0].exists)


def _argument(argument: Argument, scope: Scope) -> Value[Any]:
    """A module argument; one that is a single value stands at ``name = value``."""
    value = evaluate(argument.value, scope)
    if isinstance(value, Known) and isinstance(value.value, (List, Object)):
        return value
    return located(value, argument.at)


def _not_nullable(block: Block) -> bool:
    argument = block.arguments.get("nullable")
    return argument is not None and getattr(argument.value, "value", True) is False
