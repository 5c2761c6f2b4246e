"""Manifests that are wrong on purpose: each is one small change to the rendered objects, in memory, and names the rule
that must complain. A rule that cannot fail is none. It changes no file."""

import copy

from objects import Objects, pod
from program import container_of, settings, volume

PLANTED = []


def planted(rule):
    """Marks a change; `rule` is the name of the rule that has to find it."""

    def mark(change):
        PLANTED.append((rule, change))
        return change

    return mark


def changed(objects, change):
    spoilt = Objects(objects.overlay, copy.deepcopy(objects.all))
    change(spoilt)
    return spoilt


def crm(objects):
    return objects.named("Deployment", "yewu-crm")


def job(objects):
    return objects.named("Job", "yewu-migration")


def rewrite(objects, before, after):
    """In the settings of crm."""
    data = objects.named("ConfigMap", volume(crm(objects), "settings")["configMap"]["name"])["data"]
    assert before in data["yewu.toml"], f"{before} is not in the settings"
    data["yewu.toml"] = data["yewu.toml"].replace(before, after)


@planted("runs_as_nobody_in_particular")
def root(objects):
    pod(crm(objects))["securityContext"]["runAsUser"] = 0


@planted("runs_as_nobody_in_particular")
def a_user_by_name_only(objects):
    del pod(job(objects))["securityContext"]["runAsUser"]


@planted("runs_as_nobody_in_particular")
def a_container_that_overrides_its_pod(objects):
    container_of(crm(objects))["securityContext"]["runAsUser"] = 10002


@planted("has_no_rights_and_a_root_it_cannot_write")
def a_root_that_can_be_written(objects):
    container_of(crm(objects))["securityContext"]["readOnlyRootFilesystem"] = False


@planted("has_no_rights_and_a_root_it_cannot_write")
def a_capability_more(objects):
    container_of(job(objects))["securityContext"]["capabilities"]["add"] = ["NET_ADMIN"]


@planted("has_no_rights_and_a_root_it_cannot_write")
def a_side_container_without_walls(objects):
    pod(crm(objects))["containers"].append({"name": "side", "image": "yewu:1"})


@planted("shares_nothing_with_its_node_and_does_not_know_the_cluster")
def a_folder_of_the_node(objects):
    pod(crm(objects))["volumes"].append({"name": "node", "hostPath": {"path": "/"}})


@planted("shares_nothing_with_its_node_and_does_not_know_the_cluster")
def a_token_of_the_cluster(objects):
    del pod(job(objects))["automountServiceAccountToken"]


@planted("shares_nothing_with_its_node_and_does_not_know_the_cluster")
def a_secret_for_everybody_to_read(objects):
    volume(crm(objects), "secrets")["secret"]["defaultMode"] = 0o444


@planted("says_what_it_needs_and_where_it_ends")
def no_limit_of_memory(objects):
    del container_of(crm(objects))["resources"]["limits"]["memory"]


@planted("is_of_the_one_image")
def a_service_of_another_version(objects):
    container_of(crm(objects))["image"] = "yewu:2"


@planted("is_of_the_one_image")
def no_version(objects):
    for _, container in objects.containers():
        container["image"] = "registry.example.org:5000/yewu"


@planted("holds_no_secret_in_the_open")
def a_password_in_the_environment(objects):
    container_of(crm(objects))["env"] = [{"name": "YEWU__DB__PASSWORD", "value": "tea"}]


@planted("holds_no_secret_in_the_open")
def a_password_in_a_url_of_the_settings(objects):
    rewrite(objects, "{role}@", "{role}:tea@")


@planted("holds_no_secret_in_the_open")
def a_rendered_secret(objects):
    objects.all.append({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "tea", "namespace": "yewu"}})


@planted("six_services_each_run_once")
def a_service_that_is_missing(objects):
    objects.all.remove(crm(objects))


@planted("six_services_each_run_once")
def a_service_that_runs_another(objects):
    container_of(crm(objects))["args"][-1] = "orders"


@planted("six_services_each_run_once")
def a_service_with_the_secrets_of_another(objects):
    volume(crm(objects), "secrets")["secret"]["secretName"] = "yewu-orders"


@planted("only_the_migration_and_the_tools_hold_what_rules_over_all")
def documentation_with_a_secret(objects):
    docs = objects.named("Deployment", "yewu-docs")
    pod(docs)["volumes"].append({"name": "secrets", "secret": {"secretName": "yewu-tools", "defaultMode": 288}})


@planted("only_the_migration_and_the_tools_hold_what_rules_over_all")
def tools_that_stay(objects):
    objects.named("Deployment", "yewu-tools")["spec"]["replicas"] = 1


@planted("probes_ask_what_the_program_answers")
def no_startup_probe(objects):
    del container_of(crm(objects))["startupProbe"]


@planted("probes_ask_what_the_program_answers")
def a_liveness_that_hangs_on_the_database(objects):
    container_of(crm(objects))["livenessProbe"]["httpGet"]["path"] = "/readyz"


@planted("settings_are_known_and_complete")
def a_setting_that_nobody_knows(objects):
    rewrite(objects, "pool_size", "pool_sise")


@planted("settings_are_known_and_complete")
def a_listener_on_loopback(objects):
    rewrite(objects, "0.0.0.0:8080", "127.0.0.1:8080")


@planted("settings_are_known_and_complete")
def a_variable_that_nobody_knows(objects):
    container_of(job(objects))["env"][0]["name"] = "YEWU__DB__PASSWORD_FILES"


@planted("settings_are_known_and_complete")
def one_password_for_all(objects):
    rewrite(objects, "database_{role}", "database")


@planted("settings_are_known_and_complete")
def a_virtual_host_without_a_name(objects):
    rewrite(objects, "/%2f\"", "/\"")


@planted("uploads_are_shared_by_copies_and_by_nobody_else")
def uploads_in_the_copy_itself(objects):
    rewrite(objects, "/var/lib/yewu/attachments", "/tmp")


@planted("uploads_are_shared_by_copies_and_by_nobody_else")
def uploads_of_one_node(objects):
    objects.named("PersistentVolumeClaim", "attachments-crm")["spec"]["accessModes"] = ["ReadWriteOnce"]


@planted("has_time_to_end")
def killed_before_it_has_drained(objects):
    rewrite(objects, "drain_seconds = 15", "drain_seconds = 30")


@planted("labels_and_selectors_meet")
def one_selector_for_all(objects):
    del crm(objects)["spec"]["selector"]["matchLabels"]["app.kubernetes.io/name"]


@planted("services_lead_to_ports_that_exist")
def a_port_that_is_not_there(objects):
    objects.named("Service", "yewu-crm")["spec"]["ports"][0]["targetPort"] = "https"


@planted("the_way_in_leads_to_every_service_and_nowhere_else")
def metrics_for_the_world(objects):
    paths = objects.of("Ingress")[0]["spec"]["rules"][0]["http"]["paths"]
    paths.append({**copy.deepcopy(paths[0]), "path": "/metrics"})


@planted("nobody_talks_to_anybody_unless_it_is_said")
def open_by_default(objects):
    objects.all.remove(objects.named("NetworkPolicy", "deny-all"))


@planted("nobody_talks_to_anybody_unless_it_is_said")
def a_service_that_no_policy_is_about(objects):
    crm(objects)["spec"]["template"]["metadata"]["labels"]["app.kubernetes.io/part-of"] = "other"


@planted("nobody_talks_to_anybody_unless_it_is_said")
def anybody_may_ask(objects):
    objects.named("NetworkPolicy", "services-are-asked")["spec"]["ingress"][0]["from"].append({})


@planted("nobody_talks_to_anybody_unless_it_is_said")
def documentation_that_asks_the_database(objects):
    expressions = objects.named("NetworkPolicy", "names-and-data")["spec"]["podSelector"]["matchExpressions"]
    expressions[0]["values"].append("docs")


@planted("nobody_talks_to_anybody_unless_it_is_said")
def metadata_of_the_node(objects):
    del objects.named("NetworkPolicy", "services-ask-the-issuer")["spec"]["egress"][0]["to"][0]["ipBlock"]["except"]


@planted("a_drained_node_takes_one_copy_at_a_time")
def no_budget(objects):
    objects.all.remove(objects.named("PodDisruptionBudget", "yewu-crm"))


@planted("nothing_is_referred_to_that_is_not_there")
def a_secret_that_nobody_makes(objects):
    volume(job(objects), "secrets")["secret"]["secretName"] = "yewu-migrations"


@planted("nothing_is_referred_to_that_is_not_there")
def settings_by_a_name_without_their_hash(objects):
    volume(crm(objects), "settings")["configMap"]["name"] = "settings"


@planted("everything_is_in_one_restricted_namespace")
def an_object_elsewhere(objects):
    objects.named("Service", "yewu-crm")["metadata"]["namespace"] = "default"


@planted("a_roll_out_can_tell_its_steps_apart")
def a_service_that_starts_before_the_migration(objects):
    del crm(objects)["metadata"]["labels"]["yewu/step"]


@planted("copies_are_counted_by_one_and_fit_into_the_database")
def more_connections_than_the_database_takes(objects):
    rewrite(objects, "pool_size = 4", "pool_size = 400")
    assert settings(objects, crm(objects))["db"]["pool_size"] == 400
