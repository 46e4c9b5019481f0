#define _GNU_SOURCE
#include "CCurl.h"

#include <locale.h>
#include <pthread.h>

CURLcode lipsmith_curl_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

CURLcode lipsmith_curl_set_offset(CURL *handle, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(handle, option, value);
}

CURLcode lipsmith_curl_set_string(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}

CURLcode lipsmith_curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(handle, option, value);
}

CURLcode lipsmith_curl_set_write(CURL *handle, lipsmith_curl_data_callback callback, void *context) {
    CURLcode result = curl_easy_setopt(handle, CURLOPT_WRITEDATA, context);
    return result ? result : curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, callback);
}

CURLcode lipsmith_curl_set_header(CURL *handle, lipsmith_curl_data_callback callback, void *context) {
    CURLcode result = curl_easy_setopt(handle, CURLOPT_HEADERDATA, context);
    return result ? result : curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, callback);
}

CURLcode lipsmith_curl_set_read(CURL *handle, lipsmith_curl_data_callback callback, void *context) {
    CURLcode result = curl_easy_setopt(handle, CURLOPT_READDATA, context);
    return result ? result : curl_easy_setopt(handle, CURLOPT_READFUNCTION, callback);
}

CURLcode lipsmith_curl_set_seek(CURL *handle, lipsmith_curl_seek_callback callback, void *context) {
    CURLcode result = curl_easy_setopt(handle, CURLOPT_SEEKDATA, context);
    return result ? result : curl_easy_setopt(handle, CURLOPT_SEEKFUNCTION, callback);
}

CURLcode lipsmith_curl_set_socket(CURL *handle, lipsmith_curl_socket_callback callback, void *context) {
    CURLcode result = curl_easy_setopt(handle, CURLOPT_OPENSOCKETDATA, context);
    return result ? result : curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, callback);
}

CURLcode lipsmith_curl_get_long(CURL *handle, CURLINFO info, long *value) {
    return curl_easy_getinfo(handle, info, value);
}

CURLcode lipsmith_curl_get_string(CURL *handle, CURLINFO info, const char **value) {
    return curl_easy_getinfo(handle, info, value);
}

const struct sockaddr *lipsmith_curl_address(const struct curl_sockaddr *address) { return &address->addr; }

int lipsmith_curl_finished(CURLM *multi, CURL **handle, CURLcode *result) {
    int waiting = 0;
    for (CURLMsg *message; (message = curl_multi_info_read(multi, &waiting));) {
        if (message->msg == CURLMSG_DONE) {
            *handle = message->easy_handle;
            *result = message->data.result;
            return 1;
        }
    }
    return 0;
}

static pthread_once_t once = PTHREAD_ONCE_INIT;
static CURLcode initialised;

static locale_t utf8;

static void initialise(void) {
    initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
    utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
}

CURLcode lipsmith_curl_initialise(void) {
    pthread_once(&once, initialise);
    return initialised;
}

void lipsmith_curl_use_utf8(void) {
    lipsmith_curl_initialise();
    if (utf8) uselocale(utf8);
}
