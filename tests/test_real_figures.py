"""The figures of three public data sets, computed elsewhere with a plain loop, to the digit."""

import json

import pytest
from click.testing import CliRunner

from commands.main import main
from tests.test_real_data import EXAMPLES, load_example, needs_data

CDNOW = {  # period: conversions, rate, AUC, amount
    "1997-Q2": (5_349, 0.22694, 0.63748, 195_329.42),
    "1997-Q3": (4_207, 0.17849, 0.72742, 165_424.24),
    "1997-Q4": (4_177, 0.17722, 0.75776, 164_238.41),
    "1998-Q1": (3_817, 0.16194, 0.79318, 146_833.31),
    "1998-Q2": (3_302, 0.14009, 0.82506, 121_139.33),
    "pooled": (20_852, 0.17694, 0.72218, 792_964.71),
}
BANK = {  # period: leads, conversions, AUC
    "2008-Q2": (12_137, 428, 0.5066),
    "2008-Q3": (11_860, 678, 0.5220),
    "2008-Q4": (3_693, 233, 0.4079),
    "2009-Q1": (282, 126, 0.5353),
    "2009-Q2": (8_967, 1_230, 0.5841),
    "2009-Q3": (1_215, 436, 0.6068),
    "2009-Q4": (976, 436, 0.6451),
    "2010-Q1": (264, 150, 0.6589),
    "2010-Q2": (615, 326, 0.6845),
    "2010-Q3": (847, 446, 0.7441),
    "2010-Q4": (332, 151, 0.6880),
    "pooled": (41_188, 4_640, 0.6930),
}
MAVEN = {  # period: leads, conversions, immature, amount
    "2016-Q4": (358, 216, 0, 471_561),
    "2017-Q1": (1_619, 839, 0, 1_966_883),
    "2017-Q2": (2_388, 1_219, 0, 2_913_566),
    "2017-Q3": (2_037, 767, 733, 1_726_167),
    "2017-Q4": (0, 0, 1_165, 0),
}


def backtest(name, folder, *arguments):
    """What ``tierline backtest --json`` prints, by period."""
    workspace = load_example(name, folder)
    model = EXAMPLES / name / "model.toml"
    command = ["backtest", "--workspace", str(workspace.path), "--model", str(model), "--json", *arguments]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 0, result.output
    printed = json.loads(result.stdout)
    return {figures["period"]: figures for figures in [*printed["periods"], printed["pooled"]]}, printed


@needs_data
def test_cdnow(tmp_path):
    figures, _ = backtest("cdnow", tmp_path)
    assert list(figures) == list(CDNOW)
    for period, (conversions, rate, auc, amount) in CDNOW.items():
        found = figures[period]
        assert found["leads"] == (5 if period == "pooled" else 1) * 23_570
        assert (found["conversions"], found["immature_leads"]) == (conversions, 0)
        assert (round(found["rate"], 5), round(found["auc"], 5)) == (rate, auc)
        assert found["amount"] == amount


@needs_data
def test_bank(tmp_path):
    figures, _ = backtest("bank", tmp_path, "--observed-until", "2010-12-31")
    assert list(figures) == list(BANK)
    for period, expected in BANK.items():
        found = figures[period]
        assert (found["leads"], found["conversions"], round(found["auc"], 4)) == expected


@needs_data
def test_maven_has_figures_but_no_signal(tmp_path):
    figures, printed = backtest("maven_crm", tmp_path)
    for period, expected in MAVEN.items():
        found = figures[period]
        assert (found["leads"], found["conversions"], found["immature_leads"], found["amount"]) == expected
    aucs = [found["auc"] for period, found in figures.items() if found["auc"] is not None]
    assert aucs == [pytest.approx(0.5, abs=0.03)] * len(aucs)
    assert printed["evidence"]["signal"]["strength"] == "no signal"
