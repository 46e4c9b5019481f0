#include "CMicrohttpd.h"

#include <stdarg.h>
#include <string.h>

_Static_assert(MHD_CONTENT_READER_END_OF_STREAM == (ssize_t)-1, "the header repeats this value");
_Static_assert(MHD_CONTENT_READER_END_WITH_ERROR == (ssize_t)-2, "the header repeats this value");

static size_t keep_escapes(void *context, struct MHD_Connection *connection, char *text) {
    (void)context;
    (void)connection;
    return strlen(text);
}

// The same for every daemon: what is different is its context.
static void (*told_of_refusal)(void *context, unsigned int status, const char *page);

// Of the library's messages only the one about an answer of its own counts; its values are the status and the page.
static void log_message(void *context, const char *format, va_list values) {
    static const char refusal[] = "Error processing request (HTTP response code is %u ('%s')";
    if (strncmp(format, refusal, sizeof(refusal) - 1)) return;
    unsigned int status = va_arg(values, unsigned int);
    told_of_refusal(context, status, va_arg(values, const char *));
}

struct MHD_Daemon *lipsmith_microhttpd_start(const struct lipsmith_microhttpd_options *options) {
    told_of_refusal = options->refusal_callback;
    return MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC | MHD_USE_ERROR_LOG, 0, NULL, NULL,
        options->access_callback, options->context,
        MHD_OPTION_EXTERNAL_LOGGER, &log_message, options->context,
        MHD_OPTION_LISTEN_SOCKET, (MHD_socket)options->listening_socket,
        // A pool of one thread is refused by the library: without the option it runs one thread.
        options->thread_count > 1 ? MHD_OPTION_THREAD_POOL_SIZE : MHD_OPTION_STRICT_FOR_CLIENT,
        options->thread_count > 1 ? options->thread_count : 0U,
        MHD_OPTION_CONNECTION_LIMIT, options->connection_limit,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, options->connection_limit_per_address,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, options->connection_memory_bytes,
        MHD_OPTION_CONNECTION_TIMEOUT, options->inactivity_seconds,
        // Its own refusal of a missing Host field and of blanks in a target goes out twice, or is no answer at all. Ours
        // looks at more than these.
        MHD_OPTION_STRICT_FOR_CLIENT, 0,
        MHD_OPTION_UNESCAPE_CALLBACK, &keep_escapes, NULL,
        MHD_OPTION_URI_LOG_CALLBACK, options->target_callback, options->context,
        MHD_OPTION_NOTIFY_COMPLETED, options->completed_callback, options->context,
        MHD_OPTION_NOTIFY_CONNECTION, options->connection_callback, options->context,
        MHD_OPTION_END);
}

int lipsmith_microhttpd_socket(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info ? info->connect_fd : -1;
}

const struct sockaddr *lipsmith_microhttpd_client_address(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    return info ? info->client_addr : NULL;
}

void *lipsmith_microhttpd_socket_context(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

size_t lipsmith_microhttpd_head_bytes(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    return info ? info->header_size : 0;
}

size_t lipsmith_microhttpd_take_target(const char *target) {
    size_t length = strlen(target);
    char *query = memchr(target, '?', length);
    if (query) query[1] = '\0';
    return length;
}

struct head_walk {
    const char *next, *end;
    int is_plain;
};

static int ends_line(const char *place, const char *end) { return place + 2 <= end && !place[0] && !place[1]; }

static enum MHD_Result walk_field(void *context, enum MHD_ValueKind kind, const char *name, size_t name_size,
                                  const char *value, size_t value_size) {
    struct head_walk *walk = context;
    (void)kind;
    walk->is_plain = 0;
    // What is not where the last line ended was moved, as folded lines are; or something lies before it.
    if (name != walk->next || name_size == 0 || name_size >= (size_t)(walk->end - name)) return MHD_NO;
    const char *place = name + name_size;
    if (memchr(name, 0, name_size) || *place) return MHD_NO;
    for (place++; place < value && (*place == ' ' || *place == '\t'); place++) {}
    if (place != value || value_size >= (size_t)(walk->end - value)) return MHD_NO;
    place = value + value_size;
    if (memchr(value, 0, value_size) || !ends_line(place, walk->end)) return MHD_NO;
    walk->next = place + 2;
    walk->is_plain = 1;
    return MHD_YES;
}

int lipsmith_microhttpd_head_is_plain(struct MHD_Connection *connection, const char *method, const char *target,
                                      size_t target_size, const char *version) {
    const char *end = method + lipsmith_microhttpd_head_bytes(connection);
    // One blank between the parts: before each the library has put a zero.
    if (target != method + strlen(method) + 1 || version != target + target_size + 1) return 0;
    if (memchr(target, ' ', target_size)) return 0;
    const char *place = version + strlen(version);
    if (!ends_line(place, end)) return 0;
    struct head_walk walk = {place + 2, end, 1};
    MHD_get_connection_values_n(connection, MHD_HEADER_KIND, &walk_field, &walk);
    return walk.is_plain && ends_line(walk.next, end) && walk.next + 2 == end;
}
