// GNU libmicrohttpd as Swift sees it: the daemon, its connections and its responses.
//
// Everything is imported as it is, except what C says with variadic functions, which Swift does not import. Each wrapper
// says why it exists and when it can go. Own symbols begin with `lipsmith_microhttpd_`.
#pragma once

#include <microhttpd.h>

// What the daemon is started with. Needed because MHD_start_daemon takes its options as variadic arguments.
struct lipsmith_microhttpd_options {
    int listening_socket;
    unsigned int thread_count;
    unsigned int connection_limit;
    unsigned int connection_limit_per_address;
    size_t connection_memory_bytes;
    unsigned int inactivity_seconds;
    void *context;
    void *(*target_callback)(void *context, const char *target, struct MHD_Connection *connection);
    MHD_AccessHandlerCallback access_callback;
    MHD_RequestCompletedCallback completed_callback;
    MHD_NotifyConnectionCallback connection_callback;
    // The library is about to answer a request that it cannot read by itself, on the connection's thread. It says so in a
    // message only, with the page that it will send and without the connection.
    void (*refusal_callback)(void *context, unsigned int status, const char *page);
};

// Starts a daemon on epoll with a pool of threads that never unescapes a target: percent decoding is ours, since the
// library's own cannot tell an encoded slash from a plain one. NULL if it cannot start.
// Can go when Swift imports variadic functions.
struct MHD_Daemon *lipsmith_microhttpd_start(const struct lipsmith_microhttpd_options *options);

// MHD_get_connection_info is variadic; one function per fact that we read. Can go with the one above.
int lipsmith_microhttpd_socket(struct MHD_Connection *connection);
const struct sockaddr *lipsmith_microhttpd_client_address(struct MHD_Connection *connection);
void *lipsmith_microhttpd_socket_context(struct MHD_Connection *connection);
size_t lipsmith_microhttpd_head_bytes(struct MHD_Connection *connection);

// In the target callback: gives the length of the target and hides its query from the library, which would make a record
// of each field in the connection's memory and answer nothing at all where that does not suffice. Queries are ours to
// parse. In C because Swift gets the target as constant. Can go when the library has an option for it.
size_t lipsmith_microhttpd_take_target(const char *target);

// In the first access callback: whether the request's head, as it lies in the connection's memory, is a request line with
// single blanks and the fields that the library tells of, each on a line of its own that ends in CR LF, and nothing else.
// The library joins folded lines wrongly ("Transfer-Encoding:", " chunked" becomes a field "Transfer-Encodingchunked"),
// ends values and targets at a NUL, takes a bare LF for the end of a line and skips blanks, so that another reader of the
// same bytes may see another request. It parses in place and only ever puts zeros where blanks, colons and line ends were,
// which this relies on; a release that does otherwise makes every answer 0, and the tests fail. Can go when Debian has
// 1.0, whose MHD_OPTION_CLIENT_DISCIPLINE_LVL refuses these by itself.
int lipsmith_microhttpd_head_is_plain(struct MHD_Connection *connection, const char *method, const char *target,
                                      size_t target_size, const char *version);

// MHD_CONTENT_READER_END_OF_STREAM and MHD_CONTENT_READER_END_WITH_ERROR are casts, which Swift does not import.
// Can go when Swift imports macros that cast.
static const ssize_t lipsmith_microhttpd_end_of_stream = -1;
static const ssize_t lipsmith_microhttpd_end_with_error = -2;

// The socket types are members of an enumeration that the module of the C library hides when both it and this header
// import <sys/socket.h>. Can go when Foundation hands them out again.
static const int lipsmith_microhttpd_stream = SOCK_STREAM;
static const int lipsmith_microhttpd_listening_stream = SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK;
