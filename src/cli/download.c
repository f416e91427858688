/* download.c - one file from one address, over HTTP, by libcurl */
#include "unpack.h"

#include <curl/curl.h>

enum { REDIRECTS_MOST = 5, SLOW_BYTES_A_SECOND = 500 };

typedef struct transfer {
    cli_unpack *u;
    const char *label;
    double began;
    bool refused; /* u did not want more */
} transfer;

static size_t take(char *bytes, size_t size, size_t n, void *user)
{
    transfer *t = user;
    t->refused = !cli_unpack_feed(t->u, bytes, size * n);
    return t->refused ? 0 : size * n;
}

static int watch(void *user, curl_off_t total, curl_off_t now, curl_off_t up, curl_off_t up_now)
{
    const transfer *t = user;
    (void)up;
    (void)up_now;
    if (cli_progress_due() && now > 0) {
        double seconds = cli_seconds() - t->began, mb = (double)now / 1e6;
        cli_progress("%s  %.1f of %.1f MB  %.1f MB/s", t->label, mb, (double)total / 1e6,
                     mb / (seconds > 0 ? seconds : 1));
    }
    return cli_interrupted();
}

/* false: this libcurl does not know one of the options */
static bool set_up(CURL *curl, const char *url, const cli_fetch_options *options, transfer *t)
{
    char agent[64];
    snprintf(agent, sizeof agent, "runnel/%s", rnl_version());
    CURLcode bad = CURLE_OK;
#define SET(option, value) (bad = bad ? bad : curl_easy_setopt(curl, option, value))
    SET(CURLOPT_URL, url);
    SET(CURLOPT_USERAGENT, agent);
    SET(CURLOPT_FAILONERROR, 1L);
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_FOLLOWLOCATION, 1L);
    SET(CURLOPT_MAXREDIRS, (long)REDIRECTS_MOST);
#if CURL_AT_LEAST_VERSION(7, 85, 0)
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
    SET(CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
#else
    SET(CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
    SET(CURLOPT_REDIR_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
    SET(CURLOPT_CONNECTTIMEOUT, options->connect_seconds);
    SET(CURLOPT_LOW_SPEED_LIMIT, (long)SLOW_BYTES_A_SECOND);
    SET(CURLOPT_LOW_SPEED_TIME, options->stall_seconds);
    SET(CURLOPT_WRITEFUNCTION, take);
    SET(CURLOPT_WRITEDATA, t);
    SET(CURLOPT_XFERINFOFUNCTION, watch);
    SET(CURLOPT_XFERINFODATA, t);
    SET(CURLOPT_NOPROGRESS, 0L);
#undef SET
    return bad == CURLE_OK;
}

/* Did the request fail before anybody answered? */
static bool nobody_reached(CURL *curl, CURLcode code)
{
    double connected = 0;
    curl_easy_getinfo(curl, CURLINFO_CONNECT_TIME, &connected);
    return code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_RESOLVE_PROXY ||
           code == CURLE_COULDNT_CONNECT || (code == CURLE_OPERATION_TIMEDOUT && connected <= 0);
}

static cli_download_end explain(CURL *curl, CURLcode code, const transfer *t, char *reason,
                                size_t size)
{
    long http = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &http);
    if (t->refused)
        snprintf(reason, size, "%s", cli_unpack_reason(t->u));
    else if (code == CURLE_HTTP_RETURNED_ERROR)
        snprintf(reason, size, "the server answered %ld%s", http,
                 http == 404   ? " (not found)"
                 : http == 403 ? " (forbidden)"
                 : http == 503 ? " (unavailable at the moment)"
                               : "");
    else if (code == CURLE_PARTIAL_FILE)
        snprintf(reason, size, "the connection ended after %llu bytes",
                 (unsigned long long)cli_unpack_taken(t->u));
    else if (code == CURLE_OPERATION_TIMEDOUT)
        snprintf(reason, size, "the server is too slow or does not answer");
    else if (code == CURLE_TOO_MANY_REDIRECTS)
        snprintf(reason, size, "more than %d redirects", REDIRECTS_MOST);
    else
        snprintf(reason, size, "%s", curl_easy_strerror(code));
    if (cli_interrupted())
        return CLI_DOWNLOAD_STOPPED;
    return nobody_reached(curl, code) ? CLI_DOWNLOAD_OFFLINE : CLI_DOWNLOAD_FAILED;
}

cli_download_end cli_download(const char *url, const char *label, const cli_fetch_options *options,
                              cli_unpack *u, char *reason, size_t reason_size)
{
    transfer t = {.u = u, .label = label, .began = cli_seconds()};
    cli_download_end end = CLI_DOWNLOAD_FAILED;
    CURL *curl = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? curl_easy_init() : NULL;
    snprintf(reason, reason_size, "libcurl does not work here");
    if (curl && set_up(curl, url, options, &t)) {
        CURLcode code = curl_easy_perform(curl);
        end = code == CURLE_OK ? CLI_DOWNLOADED : explain(curl, code, &t, reason, reason_size);
    }
    curl_easy_cleanup(curl);
    curl_global_cleanup();
    cli_progress_clear();
    return end;
}
