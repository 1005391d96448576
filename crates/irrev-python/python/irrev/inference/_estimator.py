"""What estimator objects in the style of scikit-learn share: parameters by name, and what is only there after fitting. scikit-learn itself is not needed; its `clone` and pipelines work."""

import inspect
from typing import Any, Self


class Estimator:
    """Base of estimator objects: constructor arguments are kept as they are under their names; what data give ends in an underscore."""

    @classmethod
    def _parameters(cls) -> list[str]:
        return [name for name in inspect.signature(cls.__init__).parameters if name != "self"]

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """The parameters by name; `deep` is there for scikit-learn and changes nothing."""
        return {name: getattr(self, name) for name in self._parameters()}

    def set_params(self, **params: Any) -> Self:
        """Sets parameters by name, and returns the estimator."""
        known = self._parameters()
        for name, value in params.items():
            if name not in known:
                raise ValueError(f"{type(self).__name__} has no parameter {name!r}; it has {', '.join(known)}")
            setattr(self, name, value)
        return self

    def __repr__(self) -> str:
        usual = inspect.signature(type(self).__init__).parameters
        told = [f"{k}={v!r}" for k, v in self.get_params().items() if v is not usual[k].default and v != usual[k].default]
        return f"{type(self).__name__}({', '.join(told)})"

    def _unfitted(self, name: str) -> AttributeError:
        return AttributeError(f"{type(self).__name__} has no {name} before it has seen data: call fit")
