// libcurl as Swift sees it: easy handles driven by a multi handle.
//
// Everything is imported as it is, except variadic functions, which Swift does not import. Each wrapper says why it
// exists and when it can go. Own symbols begin with `lipsmith_curl_`.
#pragma once

#include <curl/curl.h>

// curl_easy_setopt is variadic; one typed wrapper per kind of argument. Can go when Swift imports variadic functions.
CURLcode lipsmith_curl_set_long(CURL *handle, CURLoption option, long value);
CURLcode lipsmith_curl_set_offset(CURL *handle, CURLoption option, curl_off_t value);
CURLcode lipsmith_curl_set_string(CURL *handle, CURLoption option, const char *value);
CURLcode lipsmith_curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value);

// The same for callbacks, each with its context.
typedef size_t (*lipsmith_curl_data_callback)(char *bytes, size_t size, size_t count, void *context);
typedef curl_socket_t (*lipsmith_curl_socket_callback)(void *context, curlsocktype purpose,
                                                       struct curl_sockaddr *address);
typedef int (*lipsmith_curl_seek_callback)(void *context, curl_off_t offset, int origin);
CURLcode lipsmith_curl_set_write(CURL *handle, lipsmith_curl_data_callback callback, void *context);
CURLcode lipsmith_curl_set_header(CURL *handle, lipsmith_curl_data_callback callback, void *context);
CURLcode lipsmith_curl_set_read(CURL *handle, lipsmith_curl_data_callback callback, void *context);
CURLcode lipsmith_curl_set_seek(CURL *handle, lipsmith_curl_seek_callback callback, void *context);
CURLcode lipsmith_curl_set_socket(CURL *handle, lipsmith_curl_socket_callback callback, void *context);

// curl_easy_getinfo is variadic. Can go with the ones above.
CURLcode lipsmith_curl_get_long(CURL *handle, CURLINFO info, long *value);
CURLcode lipsmith_curl_get_string(CURL *handle, CURLINFO info, const char **value);

// The address inside curl_sockaddr is declared as a generic sockaddr that libcurl writes past; a copy of the structure
// in Swift would cut an IPv6 address short. Can go when libcurl declares it as sockaddr_storage.
const struct sockaddr *lipsmith_curl_address(const struct curl_sockaddr *address);

// CURLMsg holds its result in a union inside a C bit of history. Returns 1, the handle and the result of a transfer of the
// multi handle that is over and has not been told yet, else 0. Can go when Swift names the members of anonymous unions
// stably.
int lipsmith_curl_finished(CURLM *multi, CURL **handle, CURLcode *result);

// Sets up libcurl's process-wide state exactly once, on any thread; 0 is success. In C because a Swift global would have
// to be touched by every caller. Can go when curl_global_init is called at the start of every program.
CURLcode lipsmith_curl_initialise(void);

// Lets this thread's libcurl read host names as UTF-8: libidn2 takes them for text of the locale, and a program's locale
// is "C" unless it asks for another one. In C because locale_t is a pointer that Swift would have to keep in a global.
// Can go when libcurl calls idn2_to_ascii_8z, as it does from 8.3 on.
void lipsmith_curl_use_utf8(void);
