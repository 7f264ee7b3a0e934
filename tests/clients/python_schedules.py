#!/usr/bin/python3
"""Debian's Python client and job schedules on a clock that stands still until it is moved: recurrence, windows, jobs that run
too long, ends, changes, statistics; and what a pool keeps of its tasks. Months pass in no time.

Started by run_with_service with the path of batchyard, against `up --instant --clock frozen=…`.
"""

import datetime
import sys

from moved_clock import START, clock, clock_to, hours, make_pool, sim
from python_batch import connect, expect, models, refused, text_of


def manager(duration, name="manager"):
    """The task that a job lasts as long as."""
    return models.JobManagerTask(id=name, command_line="work", environment_settings=sim(DURATION=duration))


def work(duration="PT0S", pool="p", **more):
    return models.JobSpecification(pool_info=models.PoolInformation(pool_id=pool), job_manager_task=manager(duration), **more)


def add(client, name, schedule, specification):
    client.job_schedule.add(models.JobScheduleAddParameter(id=name, schedule=schedule, job_specification=specification))


def state(client, name):
    return client.job_schedule.get(name).state.value


def jobs(client, name, since=START):
    """Its jobs in their order: hours from `since` to their starts and, when they are over, ends."""
    def times(job):
        ends = [job.execution_info.start_time] + ([job.execution_info.end_time] if job.execution_info.end_time else [])
        return tuple(round((one - since) / hours(1), 2) for one in ends)

    found = sorted(client.job.list_from_job_schedule(name), key=lambda job: int(job.id.rpartition("-")[2]))
    expect([job.id for job in found], [f"{name}:job-{number + 1}" for number in range(len(found))], f"the jobs of {name}")
    return [times(job) for job in found]


def recur(client):
    """From one time on, until another, once a day; other jobs of the account do not show."""
    add(client, "daily", models.Schedule(do_not_run_until=START + hours(6), do_not_run_after=START + hours(4 * 24),
                                         start_window=hours(2), recurrence_interval=hours(24)), work("PT3H"))
    seen = client.job_schedule.get("daily")
    expect((seen.state.value, seen.execution_info.next_run_time, seen.execution_info.recent_job), ("active", START + hours(6), None), "a new schedule")
    expect(jobs(client, "daily"), [], "jobs before their time")
    clock_to(START + hours(6))
    seen = client.job_schedule.get("daily").execution_info
    expect((seen.next_run_time, seen.recent_job.id), (START + hours(30), "daily:job-1"), "the schedule with a job")
    if not seen.recent_job.url.endswith("/jobs/daily:job-1"):
        sys.exit(f"where its job is: {seen.recent_job.url}")
    expect(client.job.get("daily:job-1").state.value, "active", "its job")
    clock_to(START + hours(9))
    expect(client.job.get("daily:job-1").execution_info.terminate_reason, "JMComplete", "why the job ended")
    clock_to(START + hours(60))
    expect(jobs(client, "daily"), [(6, 9), (30, 33), (54, 57)], "the jobs of three days")
    expect(state(client, "daily"), "active", "a schedule that goes on")
    clock_to(START + hours(240))
    expect(jobs(client, "daily"), [(6, 9), (30, 33), (54, 57), (78, 81)], "the jobs of ten days")
    seen = client.job_schedule.get("daily")
    expect((seen.state.value, seen.execution_info.end_time, seen.execution_info.next_run_time),
           ("completed", START + hours(96), None), "a schedule past its end")
    options = models.JobListFromJobScheduleOptions(filter="executionInfo/startTime gt DateTime'2030-01-02T12:00:00Z'", select="id", max_results=1)
    expect([job.id for job in client.job.list_from_job_schedule("daily", options)], ["daily:job-3", "daily:job-4"], "a filtered list, over pages")
    refused("JobScheduleCompleted", lambda: client.job_schedule.terminate("daily"))
    refused("JobScheduleCompleted", lambda: client.job_schedule.patch("daily", models.JobSchedulePatchParameter(metadata=[])))
    refused("JobScheduleNotFound", lambda: list(client.job.list_from_job_schedule("none")))


def overlap(client):
    """A job that runs too long: the next one waits as long as the start window, or the next occurrence, lets it."""
    add(client, "window", models.Schedule(start_window=datetime.timedelta(minutes=10), recurrence_interval=hours(1)), work("PT65M"))
    add(client, "waits", models.Schedule(recurrence_interval=hours(1)), work("PT150M"))
    begin = client.job_schedule.get("window").creation_time
    clock_to(begin + hours(6))
    # The third one begins at the last moment of its window, the occurrence after it is lost.
    expect([one[0] for one in jobs(client, "window", begin)], [0, 1.08, 2.17, 4, 5.08], "starts with a window")
    expect([one[0] for one in jobs(client, "waits", begin)], [0, 2.5, 5], "starts without a window")
    refused("JobScheduleExists", lambda: add(client, "waits", models.Schedule(), work()))
    for name in ("window", "waits"):
        client.job_schedule.delete(name)
    clock("--advance", "PT0S")
    refused("JobScheduleNotFound", lambda: client.job_schedule.get("window"))
    expect([job.id for job in client.job.list() if not job.id.startswith("daily")], [], "jobs of schedules that are gone")


def steer(client):
    """Disabled, enabled, terminated; the job that is under way goes on unless the schedule is terminated."""
    add(client, "steered", models.Schedule(recurrence_interval=hours(1)), work("PT10M"))
    begin = client.job_schedule.get("steered").creation_time
    clock_to(begin + hours(1.1))
    client.job_schedule.disable("steered")
    clock_to(begin + hours(5.5))
    expect((state(client, "steered"), len(jobs(client, "steered"))), ("disabled", 2), "a disabled schedule")
    expect(jobs(client, "steered", begin)[1], (1, 1.17), "the job that ran when its schedule was disabled")
    client.job_schedule.enable("steered")
    clock("--advance", "PT0S")
    expect(jobs(client, "steered", begin)[2:], [(5.5,)], "the occurrence that is made up for")
    expect(client.job_schedule.get("steered").execution_info.next_run_time, begin + hours(6), "the next one")
    client.job_schedule.terminate("steered")
    clock("--advance", "PT0S")
    seen = client.job_schedule.get("steered")
    expect((seen.state.value, seen.previous_state.value, seen.execution_info.end_time), ("completed", "terminating", begin + hours(5.5)),
           "a terminated schedule")
    expect(client.job.get("steered:job-3").execution_info.terminate_reason, "TerminateJobSchedule", "why its job ended")
    clock("--advance", "P3D")
    expect(len(jobs(client, "steered")), 3, "jobs of a terminated schedule")
    for call in (client.job_schedule.disable, client.job_schedule.enable):
        refused("JobScheduleCompleted", lambda call=call: call("steered"))


def change(client):
    """What is changed is for jobs to come; new times count from the last job."""
    add(client, "changed", models.Schedule(recurrence_interval=hours(2)), work("PT10M", priority=1))
    begin = client.job_schedule.get("changed").creation_time
    etag = client.job_schedule.get("changed").e_tag
    client.job_schedule.patch("changed", models.JobSchedulePatchParameter(job_specification=work("PT20M", priority=2)),
                              models.JobSchedulePatchOptions(if_match=etag))
    refused("ConditionNotMet", lambda: client.job_schedule.patch(
        "changed", models.JobSchedulePatchParameter(metadata=[]), models.JobSchedulePatchOptions(if_match=etag)))
    clock_to(begin + hours(2.5))
    expect([client.job.get(f"changed:job-{number}").priority for number in (1, 2)], [1, 2], "priorities")
    expect(jobs(client, "changed", begin), [(0, 0.17), (2, 2.33)], "the jobs")
    client.job_schedule.patch("changed", models.JobSchedulePatchParameter(
        schedule=models.Schedule(recurrence_interval=hours(1)), metadata=[models.MetadataItem(name="a", value="b")]))
    seen = client.job_schedule.get("changed")
    expect((seen.execution_info.next_run_time, seen.metadata[0].value, seen.job_specification.priority), (begin + hours(3), "b", 2), "new times")
    # A schedule without times is one job, now; PUT takes away what is not given.
    client.job_schedule.update("changed", models.JobScheduleUpdateParameter(schedule=models.Schedule(), job_specification=work("PT30M")))
    clock("--advance", "PT0S")
    seen = client.job_schedule.get("changed")
    expect((seen.execution_info.next_run_time, seen.metadata, seen.execution_info.recent_job.id), (None, None, "changed:job-3"), "the schedule after PUT")
    clock("--advance", "P2D")
    expect(jobs(client, "changed", begin), [(0, 0.17), (2, 2.33), (2.5, 3)], "all jobs")
    expect(state(client, "changed"), "completed", "a schedule whose only job is over")
    for wrong in (models.Schedule(recurrence_interval=datetime.timedelta(seconds=59)), models.Schedule(start_window=datetime.timedelta(seconds=30))):
        refused("InvalidPropertyValue", lambda wrong=wrong: add(client, "wrong", wrong, work()))


def count(client):
    """Statistics of a schedule, of its jobs, of the account; on nodes that are there for a known time."""
    make_pool(client, "counted", 2, task_slots_per_node=4)
    add(client, "stats", models.Schedule(recurrence_interval=hours(24)), work("PT2H", "counted"))
    clock("--advance", "PT60H")
    options = models.JobScheduleGetOptions(expand="stats")
    stats = client.job_schedule.get("stats", options).stats
    expect((stats.num_succeeded_tasks, stats.num_failed_tasks, stats.wall_clock_time), (3, 0, hours(6)), "the schedule's statistics")
    expect(stats.last_update_time - stats.start_time, hours(60), "the time that they are about")
    stats = client.job.get("stats:job-2", models.JobGetOptions(expand="stats")).stats
    expect((stats.num_succeeded_tasks, stats.wall_clock_time), (1, hours(2)), "the statistics of one of its jobs")
    stats = client.pool.get("counted", models.PoolGetOptions(expand="stats")).stats
    expect(stats.usage_stats.dedicated_core_time, hours(2 * 2 * 60), "core time of two nodes with two cores each")
    stats = client.job.get_all_lifetime_statistics()
    expect((stats.start_time, stats.num_failed_tasks), (START + hours(6), 1), "lifetime statistics of all jobs")
    if stats.wall_clock_time < hours(6 + 4 * 3):
        sys.exit(f"the wall-clock time of all jobs is {stats.wall_clock_time}")
    stats = client.pool.get_all_lifetime_statistics()
    expect(stats.start_time, START, "the beginning of the pools")
    client.job_schedule.delete("stats")


def retain(client):
    """Files last as long as their task says, also when the task's node is gone before."""
    client.job.add(models.JobAddParameter(id="files", pool_info=models.PoolInformation(pool_id="counted")))
    for name, time in (("brief", hours(1)), ("day", hours(24)), ("week", None)):
        client.task.add("files", models.TaskAddParameter(
            id=name, command_line=f"said by {name}", constraints=models.TaskConstraints(retention_time=time) if time else None))
    clock("--advance", "PT0S")

    def readable():
        def can_read(name):
            try:
                return text_of(client.file.get_from_task("files", name, "stdout.txt")) == f"said by {name}\n"
            except models.BatchErrorException as error:
                if error.error.code not in ("TaskFilesCleanedup", "TaskFilesUnavailable"):
                    raise
                return False
        return [name for name in ("brief", "day", "week") if can_read(name)]

    expect(readable(), ["brief", "day", "week"], "whose files can be read at once")
    clock("--advance", "PT1H")
    expect(readable(), ["day", "week"], "whose files can be read after an hour")
    client.pool.resize("counted", models.PoolResizeParameter(target_dedicated_nodes=0))
    clock("--advance", "PT0S")
    expect(list(client.compute_node.list("counted")), [], "nodes of the pool")
    expect(readable(), ["day", "week"], "whose files can be read without a node")
    clock("--advance", "PT23H")
    expect(readable(), ["week"], "whose files can be read after a day")
    client.pool.delete("counted")
    clock("--advance", "P5DT23H")
    expect(readable(), ["week"], "whose files can be read when the pool is gone")
    clock("--advance", "PT1H")
    expect(readable(), [], "whose files can be read after a week")
    expect(client.task.get("files", "week").execution_info.exit_code, 0, "the exit code, which stays")


def main():
    client = connect()
    make_pool(client, "p", 4, task_slots_per_node=4)
    recur(client)
    overlap(client)
    steer(client)
    change(client)
    count(client)
    retain(client)
    print("Schedules have recurred.")


main()
