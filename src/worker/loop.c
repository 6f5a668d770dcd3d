/* What does a worker do from its first instruction to its last? */
#include "worker/loop.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "worker/sandbox.h"

#define BY_HAND "placet-worker is started by placet, not by hand."

/* Libraries' warnings would tell of strangers' files; nobody reads them here. Failed allocations are told by the exit
 * status. */
static GLogWriterOutput on_log(GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer data)
{
        (void)data;
        for (gsize i = 0; (level & G_LOG_FLAG_FATAL) != 0 && i < n_fields; i++)
                if (strcmp(fields[i].key, "MESSAGE") == 0 && strstr(fields[i].value, "failed to allocate") != NULL)
                        _exit(PLC_WORKER_EXIT_NO_MEMORY);
        return G_LOG_WRITER_HANDLED;
}

static bool parse(int argc, char **argv, int *out_socket, struct plc_sandbox_limits *limits)
{
        int64_t socket = -1, memory = (int64_t)limits->memory_bytes, file_bytes = (int64_t)limits->file_bytes,
                files = limits->files;
        GOptionEntry entries[] = {
                {"socket", 0, 0, G_OPTION_ARG_INT64, &socket, "the inherited socket", "N"},
                {"memory", 0, 0, G_OPTION_ARG_INT64, &memory, "most memory in bytes", "BYTES"},
                {"file-bytes", 0, 0, G_OPTION_ARG_INT64, &file_bytes, "most bytes of one file made", "BYTES"},
                {"files", 0, 0, G_OPTION_ARG_INT64, &files, "most files open", "N"},
                G_OPTION_ENTRY_NULL,
        };
        g_autoptr(GOptionContext) context = g_option_context_new(NULL);
        struct stat found;
        int type;
        socklen_t size = sizeof(type);

        g_option_context_add_main_entries(context, entries, NULL);
        g_option_context_set_help_enabled(context, FALSE);
        if (!g_option_context_parse(context, &argc, &argv, NULL) || argc != 1 || socket <= STDERR_FILENO ||
            socket > 1000000 || memory < 0 || file_bytes < 1 || files < 8 || files > 65536)
                return false;
        *out_socket = (int)socket;
        limits->memory_bytes = (uint64_t)memory;
        limits->file_bytes = (uint64_t)file_bytes;
        limits->files = (unsigned)files;
        return fstat(*out_socket, &found) == 0 && S_ISSOCK(found.st_mode) &&
               getsockopt(*out_socket, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_SEQPACKET;
}

static struct plc_message *answer_to(plc_wire *wire, const struct plc_worker *worker, const struct plc_message *request)
{
        g_autoptr(plc_message) answer = NULL;
        g_autoptr(GError) error = NULL;

        for (size_t i = 0; i < worker->n_jobs; i++) {
                const struct plc_worker_job *job = &worker->jobs[i];

                if (job->request != request->kind)
                        continue;
                answer = plc_message_new(job->answer, request->job);
                if (plc_sandbox_grant_cpu(request->cpu_seconds, &error) && job->run(wire, request, answer, &error))
                        return g_steal_pointer(&answer);
                return plc_message_failure(request->job, error);
        }
        plc_fail(&error, PLC_E_INTERNAL, "this worker cannot %s", plc_msg_name(request->kind));
        return plc_message_failure(request->job, error);
}

static unsigned known_requests(const struct plc_worker *worker)
{
        unsigned bits = 0;

        for (size_t i = 0; i < worker->n_jobs; i++)
                bits |= PLC_MSG_BIT(worker->jobs[i].request);
        return bits;
}

static bool send_answer(plc_wire *wire, struct plc_message *answer)
{
        g_autoptr(GError) error = NULL;

        if (plc_wire_send(wire, answer, true, &error))
                return true;
        if (error->code != PLC_E_BAD_VALUE)
                return false;
        /* Nothing was sent yet: a field that our own code made is out of range. */
        g_autoptr(plc_message) failure = plc_message_failure(answer->job, error);
        failure->failure.code = PLC_E_INTERNAL;
        return plc_wire_send(wire, failure, true, NULL);
}

static int serve(plc_wire *wire, const struct plc_worker *worker)
{
        for (;;) {
                g_autoptr(plc_message) request = NULL;
                g_autoptr(plc_message) answer = NULL;
                plc_got got = plc_wire_recv(wire, true, known_requests(worker), &request, NULL);

                if (got == PLC_GOT_END)
                        return 0;
                if (got != PLC_GOT_MESSAGE)
                        return 1;
                answer = answer_to(wire, worker, request);
                if (!send_answer(wire, answer))
                        return 1;
                malloc_trim(0); /* what a large photo took is not kept while waiting for the next */
        }
}

int plc_worker_main(int argc, char **argv, const struct plc_worker *worker)
{
        struct plc_sandbox_limits limits = {.memory_bytes = 2048 * PLC_MIB, .file_bytes = 64 * PLC_MIB, .files = 64};
        g_autoptr(plc_wire) wire = NULL;
        g_autoptr(plc_message) hello = plc_message_new(PLC_MSG_HELLO, 0);
        g_autoptr(GError) error = NULL;
        int socket;

        if (!parse(argc, argv, &socket, &limits)) {
                g_printerr("%s\n", BY_HAND);
                return PLC_WORKER_EXIT_STARTED_BY_HAND;
        }
        g_log_set_writer_func(on_log, NULL, NULL);
        wire = plc_wire_new(socket);
        if (!plc_sandbox_close_all(socket, &error) || (worker->init != NULL && !worker->init(&error)) ||
            !plc_sandbox_enter(&limits, worker->warm, &hello->hello, &error)) {
                g_autoptr(plc_message) failure = plc_message_failure(0, error);

                plc_wire_send(wire, failure, true, NULL);
                return 1;
        }
        if (worker->libraries != NULL)
                g_strlcpy(hello->hello.libraries, worker->libraries(), sizeof hello->hello.libraries);
        if (!plc_wire_send(wire, hello, true, NULL))
                return 1;
        return serve(wire, worker);
}
