"""The migration that lets a run be of a dataset from outside leaves the runs that are there, and their guards."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from backend.reports.models import AnalysisFile, AnalysisRun, FrozenDataset
from tests.database import guards
from tests.factories.studies import Stage, study_in

BEFORE, AFTER = ("reports", "0003_analysis_runs"), ("reports", "0004_outside_datasets_and_supplements")


def migrate(target: tuple[str, str]) -> None:
    executor = MigrationExecutor(connection)
    executor.migrate([target])


@pytest.mark.django_db(transaction=True)
def test_runs_and_files_outlive_the_migration() -> None:
    story = study_in(Stage.LOCKED, cases=2)
    run = AnalysisRun.objects.get()
    AnalysisFile.objects.create(run=run, path="a.csv", content_type="text/csv", size=1, sha256="0", body=b"a")
    guarded = sorted(name for name, _ in guards(connection))
    try:
        migrate(BEFORE)
        assert not {"reports_outsidedataset", "reports_analysissupplement"} & set(
            connection.introspection.table_names()
        )
    finally:
        migrate(AFTER)
    kept = AnalysisRun.objects.get()
    assert (kept.pk, kept.dataset, kept.outside, kept.supplement) == (
        run.pk,
        FrozenDataset.objects.get(study=story.study),
        None,
        None,
    )
    assert AnalysisFile.objects.get().run == kept
    assert sorted(name for name, _ in guards(connection)) == guarded
    again = {
        "dataset": kept.dataset,
        "level": kept.level,
        "seed": kept.seed,
        "analysis_set": kept.analysis_set,
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        AnalysisRun.objects.create(**again, asked_at=story.now)
