/*
 * mockbroker ADDRESS-FILE PARTITIONS <NAMES: librdkafka's embedded broker as a
 * process, for machines without Java.  tools/stack starts it.  It holds records
 * in memory only, drops old ones, neither compacts nor keeps to retention: good
 * for a demonstration; nothing about durability may ever be claimed from it.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#define NAME_SIZE 256
#define PATH_SIZE 4096

static int
die(const char *what, const char *why)
{
    fprintf(stderr, "mockbroker: %s: %s\n", what, why);
    return 1;
}

/* Topic names from standard input, one a line. */
static int
create_topics(rd_kafka_mock_cluster_t *cluster, int partitions)
{
    char name[NAME_SIZE];
    rd_kafka_resp_err_t code;

    while (fgets(name, sizeof name, stdin) != NULL) {
        name[strcspn(name, "\n")] = '\0';
        code = rd_kafka_mock_topic_create(cluster, name, partitions, 1);
        if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
            return die(name, rd_kafka_err2str(code));
    }
    return 0;
}

/* Whole or not at all: a reader waits for the file and must not see half. */
static int
write_address(const char *path, const char *address)
{
    char fresh[PATH_SIZE];
    FILE *file;

    if (snprintf(fresh, sizeof fresh, "%s.new", path) >= (int)sizeof fresh)
        return die(path, "name too long");
    file = fopen(fresh, "w");
    if (file == NULL)
        return die(fresh, strerror(errno));
    fprintf(file, "%s\n", address);
    if (fclose(file) != 0 || rename(fresh, path) != 0)
        return die(path, strerror(errno));
    return 0;
}

static int
serve(rd_kafka_t *rk, const char *path, int partitions, const sigset_t *stop)
{
    rd_kafka_mock_cluster_t *cluster = rd_kafka_mock_cluster_new(rk, 1);
    int status, signal_number;

    if (cluster == NULL)
        return die("cluster", "can not be made");
    status = create_topics(cluster, partitions);
    if (status == 0)
        status = write_address(path, rd_kafka_mock_cluster_bootstraps(cluster));
    if (status == 0)
        sigwait(stop, &signal_number);
    unlink(path);
    rd_kafka_mock_cluster_destroy(cluster);
    return status;
}

int
main(int argc, char **argv)
{
    rd_kafka_t *rk;
    char error[512];
    sigset_t stop;
    int status, partitions;

    partitions = argc == 3 ? (int)strtol(argv[2], NULL, 10) : 0;
    if (partitions <= 0) {
        fprintf(stderr, "usage: mockbroker ADDRESS-FILE PARTITIONS <NAMES\n");
        return 2;
    }
    /* Blocked before the library makes threads, so that only we see them. */
    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGINT);
    pthread_sigmask(SIG_BLOCK, &stop, NULL);
    rk = rd_kafka_new(RD_KAFKA_PRODUCER, NULL, error, sizeof error);
    if (rk == NULL)
        return die("librdkafka", error);
    status = serve(rk, argv[1], partitions, &stop);
    rd_kafka_destroy(rk);
    return status;
}
