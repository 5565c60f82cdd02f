import pytest

from inference import selftest as module
from inference.selftest import SelfTestFailed, selftest


def test_selftest_passes_here() -> None:
    report = selftest()
    assert report.packages.keys() == {"SimpleITK", "numpy", "pyradiomics-bhklab"}
    assert report.sees_cuda is None


def test_selftest_of_a_gpu_worker_names_the_device() -> None:
    torch = pytest.importorskip("torch")
    report = selftest("gpu")
    assert report.sees_cuda is torch.cuda.is_available()
    assert (report.device is not None) is report.sees_cuda
    assert report.packages["torch"] == torch.__version__


@pytest.mark.parametrize("table", ["EXPECTED_FEATURES", "EXPECTED_LOG_BIAS"])
def test_selftest_fails_on_another_number(monkeypatch: pytest.MonkeyPatch, table: str) -> None:
    expected = getattr(module, table)
    name = next(iter(expected))
    monkeypatch.setitem(expected, name, expected[name] + 0.01)
    with pytest.raises(SelfTestFailed, match=name):
        selftest()


def test_selftest_fails_on_a_missing_feature(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inference.radiomics.features.FEATURE_COUNT", 108)
    with pytest.raises(SelfTestFailed, match="107 features instead of 108"):
        selftest()
