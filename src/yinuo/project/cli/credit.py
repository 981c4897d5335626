"""`yinuo credit`: credit data landed, checked, resolved, published, looked up."""

import click

from yinuo.project.cli.credit_forgetting import forget_group
from yinuo.project.cli.credit_joins import (
    confirm_command,
    entity_command,
    join_command,
    proposals_command,
    reject_command,
    split_command,
    train_command,
)
from yinuo.project.cli.credit_landing import (
    approve_command,
    batches_command,
    catalogue_command,
    check_command,
    fetch_command,
    land_command,
    simulate_command,
    sources_command,
    waive_command,
    withdraw_command,
)
from yinuo.project.cli.credit_reads import reads_command
from yinuo.project.cli.credit_releases import (
    deltas_command,
    expire_command,
    point_command,
    prove_command,
    publish_command,
    releases_command,
    resolve_command,
    run_command,
)
from yinuo.project.cli.credit_rows import (
    fix_command,
    leave_command,
    quarantine_command,
)


@click.group()
def credit() -> None:
    """信用数据：装入、检查、归集、发布、查询。"""


for each in (
    simulate_command,
    fetch_command,
    land_command,
    check_command,
    waive_command,
    approve_command,
    withdraw_command,
    sources_command,
    catalogue_command,
    batches_command,
    quarantine_command,
    fix_command,
    leave_command,
    resolve_command,
    publish_command,
    run_command,
    releases_command,
    deltas_command,
    point_command,
    prove_command,
    expire_command,
    forget_group,
    entity_command,
    split_command,
    join_command,
    proposals_command,
    confirm_command,
    reject_command,
    train_command,
    reads_command,
):
    credit.add_command(each)
