#include "CMicrohttpd.h"

#include <string.h>

_Static_assert(MHD_CONTENT_READER_END_OF_STREAM == (ssize_t)-1, "the header repeats this value");
_Static_assert(MHD_CONTENT_READER_END_WITH_ERROR == (ssize_t)-2, "the header repeats this value");

static size_t keep_escapes(void *context, struct MHD_Connection *connection, char *text) {
    (void)context;
    (void)connection;
    return strlen(text);
}

struct MHD_Daemon *lipsmith_microhttpd_start(const struct lipsmith_microhttpd_options *options) {
    return MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC, 0, NULL, NULL,
        options->access_callback, options->context,
        MHD_OPTION_LISTEN_SOCKET, (MHD_socket)options->listening_socket,
        // A pool of one thread is refused by the library: without the option it runs one thread.
        options->thread_count > 1 ? MHD_OPTION_THREAD_POOL_SIZE : MHD_OPTION_STRICT_FOR_CLIENT,
        options->thread_count > 1 ? options->thread_count : 1U,
        MHD_OPTION_CONNECTION_LIMIT, options->connection_limit,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, options->connection_limit_per_address,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, options->connection_memory_bytes,
        MHD_OPTION_CONNECTION_TIMEOUT, options->inactivity_seconds,
        MHD_OPTION_STRICT_FOR_CLIENT, 1,
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
