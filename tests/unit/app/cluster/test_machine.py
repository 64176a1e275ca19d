from app.cluster.machine import memory_mb


def test_a_containers_limit_counts_when_it_is_lower(tmp_path):
    limit = tmp_path / "memory.max"
    limit.write_text(f"{512 * 1024 * 1024}\n")
    assert memory_mb((limit,)) == 512


def test_no_limit_leaves_the_machines_memory(tmp_path):
    limit = tmp_path / "memory.max"
    limit.write_text("max\n")
    assert memory_mb((limit,)) == memory_mb(())
    assert memory_mb((tmp_path / "absent",)) > 0
