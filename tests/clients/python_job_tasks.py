#!/usr/bin/python3
"""Debian's Python client (azure-batch 13) takes jobs with preparation, release and manager tasks through their life.

Started by run_with_service, as python_batch.py is, whose words it uses.
"""

import os
import sys

from azure.batch import BatchServiceClient
from azure.batch import models
from msrest.authentication import BasicTokenAuthentication

from python_batch import NODES, connect, expect, make_pool, refused, text_of, wait

POOL = models.PoolInformation(pool_id="py-pool")


def shell(script):
    return f"/bin/sh -c '{script}'"


def completed(client, job, task):
    return lambda: client.task.get(job, task).state.value == "completed"


def said_so_far(client, job, task):
    """What a task has written until now; a task is running before its command has begun."""
    try:
        return text_of(client.file.get_from_task(job, task, "stdout.txt")).strip()
    except models.BatchErrorException as error:
        expect(error.error.code, "FileNotFound", "why the file cannot be read")
        return ""


def end_job(client, job):
    client.job.terminate(job)
    wait("the job's end", lambda: client.job.get(job).state.value == "completed")


def prepare_and_release(client):
    client.job.add(models.JobAddParameter(
        id="prepared", pool_info=POOL,
        common_environment_settings=[models.EnvironmentSetting(name="WORD", value="prepared")],
        job_preparation_task=models.JobPreparationTask(command_line=shell("echo $WORD > data; echo $AZ_BATCH_TASK_ID")),
        job_release_task=models.JobReleaseTask(
            command_line=shell("cat $AZ_BATCH_JOB_PREP_WORKING_DIR/data > $AZ_BATCH_NODE_SHARED_DIR/released"))))
    refused("TaskIdSameAsJobPreparationTask", lambda: client.task.add(
        "prepared", models.TaskAddParameter(id="jobpreparation", command_line="/bin/true")))
    names = [f"t{number}" for number in range(6)]
    client.task.add_collection("prepared", [
        models.TaskAddParameter(id=name, command_line=shell("cat $AZ_BATCH_JOB_PREP_WORKING_DIR/data")) for name in names])
    client.task.add("prepared", models.TaskAddParameter(
        id="gang", command_line=shell("cat $AZ_BATCH_JOB_PREP_DIR/wd/data"),
        multi_instance_settings=models.MultiInstanceSettings(
            number_of_instances=NODES, coordination_command_line=shell("test -s $AZ_BATCH_JOB_PREP_WORKING_DIR/data"))))
    for name in names + ["gang"]:
        wait(f"the end of {name}", completed(client, "prepared", name))
        expect(client.task.get("prepared", name).execution_info.exit_code, 0, f"the exit code of {name}")
        expect(text_of(client.file.get_from_task("prepared", name, "stdout.txt")), "prepared\n", f"what {name} saw")
    end_job(client, "prepared")
    found = list(client.job.list_preparation_and_release_task_status("prepared"))
    expect(len(found), NODES, "nodes in the list")
    for one in found:
        expect(one.job_preparation_task_execution_info.result.value, "success", "the preparation's result")
        expect(one.job_preparation_task_execution_info.retry_count, 0, "the preparation's retries")
        expect(one.job_release_task_execution_info.state.value, "completed", "the release's state")
        expect(one.job_release_task_execution_info.exit_code, 0, "the release's exit code")
        out = one.job_preparation_task_execution_info.task_root_directory + "/stdout.txt"
        expect(text_of(client.file.get_from_compute_node(one.pool_id, one.node_id, out)), "jobpreparation\n", out)
        expect(text_of(client.file.get_from_compute_node(one.pool_id, one.node_id, "shared/released")), "prepared\n", "what was released")
    options = models.JobListPreparationAndReleaseTaskStatusOptions(
        filter=f"nodeId eq '{found[0].node_id}' and jobReleaseTaskExecutionInfo/result eq 'success'")
    expect(len(list(client.job.list_preparation_and_release_task_status("prepared", options))), 1, "filtered nodes")


def fail_to_prepare(client):
    client.job.add(models.JobAddParameter(
        id="unprepared", pool_info=POOL,
        job_preparation_task=models.JobPreparationTask(
            command_line=shell("exit 3"), constraints=models.TaskConstraints(max_task_retry_count=1))))
    client.task.add("unprepared", models.TaskAddParameter(id="never", command_line="/bin/true"))

    def failures():
        found = list(client.job.list_preparation_and_release_task_status("unprepared"))
        infos = [one.job_preparation_task_execution_info for one in found]
        return infos if len([one for one in infos if one.result and one.result.value == "failure"]) == NODES else None

    for info in wait("a failed preparation on every node", failures):
        expect((info.exit_code, info.retry_count), (3, 1), "exit code and retries of the preparation")
        expect(info.failure_info.code, "FailureExitCode", "the preparation's failure")
    expect(client.task.get("unprepared", "never").state.value, "active", "the task that no node may run")
    end_job(client, "unprepared")
    client.job.add(models.JobAddParameter(id="plain", pool_info=POOL))
    refused("JobPreparationTaskOrReleaseTaskNotSpecified",
            lambda: list(client.job.list_preparation_and_release_task_status("plain")))
    client.job.delete("plain")


def with_token(client, token):
    holder = BatchServiceClient(BasicTokenAuthentication({"access_token": token}), batch_url=os.environ["AZURE_BATCH_ENDPOINT"])
    holder.config.connection.verify = client.config.connection.verify
    return holder


def manage(client):
    client.job.add(models.JobAddParameter(
        id="managed", pool_info=POOL,
        job_manager_task=models.JobManagerTask(
            id="manager", command_line=shell("echo $AZ_BATCH_AUTHENTICATION_TOKEN; exec sleep 1000"),
            authentication_token_settings=models.AuthenticationTokenSettings(access=["job"]))))
    job = client.job.get("managed")
    expect((job.job_manager_task.kill_job_on_completion, job.job_manager_task.run_exclusive), (True, True), "the manager's defaults")
    wait("a running manager", lambda: client.task.get("managed", "manager").state.value == "running")
    token = wait("the token", lambda: said_so_far(client, "managed", "manager"))
    holder = with_token(client, token)
    expect(holder.job.get("managed").id, "managed", "the job that the token is for")
    holder.task.add("managed", models.TaskAddParameter(id="worker", command_line=shell("echo ${AZ_BATCH_AUTHENTICATION_TOKEN:-none}")))
    wait("the worker's end", completed(holder, "managed", "worker"))
    expect(text_of(holder.file.get_from_task("managed", "worker", "stdout.txt")), "none\n", "the token of a task without one")
    refused("Forbidden", lambda: holder.job.get("prepared"))
    refused("Forbidden", lambda: holder.pool.get("py-pool"))
    refused("AuthenticationFailed", lambda: with_token(client, token[:-1] + ("0" if token[-1] != "0" else "1")).job.get("managed"))
    if token in str(client.task.get("managed", "manager").as_dict()):
        sys.exit("the task's description shows its token")
    client.task.add("managed", models.TaskAddParameter(id="long", command_line="/bin/sleep 1000"))
    client.task.terminate("managed", "manager")
    wait("the job's end", lambda: client.job.get("managed").state.value == "completed")
    expect(client.job.get("managed").execution_info.terminate_reason, "JMComplete", "terminateReason")
    expect(client.task.get("managed", "long").state.value, "completed", "the other task's state")
    refused("AuthenticationFailed", lambda: holder.job.get("managed"))


def main():
    client = connect()
    make_pool(client)
    prepare_and_release(client)
    fail_to_prepare(client)
    manage(client)
    print("Jobs prepare, release and are managed.")


main()
