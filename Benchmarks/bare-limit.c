// The speed of light for a durable, sealed, retained PUBLISH on this machine.
//
//   bare-limit PORT FILE
//
// No broker: it accepts any CONNECT, parses PUBLISH at QoS 1, seals each message with AES-256-GCM, appends it to one
// preallocated file, syncs with fdatasync in groups that form by themselves, and acknowledges what is on disk. It knows
// no topics, no sessions, no access and no index; what a broker needs beyond its time is what those cost.
//
// One thread serves the sockets and seals into the open group. Another writes and syncs the closed group. While it does,
// the next group fills; when it is done, the acknowledgements of its messages leave in one send per connection.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    CONNECTIONS_MAX = 1024,
    EVENTS_MAX = 64,
    INPUT_BYTES = 256 << 10,
    ACKNOWLEDGEMENT_BYTES = 4,
    // Every identifier of a connection acknowledged twice over.
    ACKNOWLEDGEMENTS_BYTES_MAX = 2 * 65536 * ACKNOWLEDGEMENT_BYTES,
    GROUP_BYTES = 64 << 20,
    JOURNAL_BYTES = 512 << 20,
    NONCE_BYTES = 12,
    TAG_BYTES = 16,
    RECORD_HEADER_BYTES = 12,
};

typedef struct {
    int descriptor;
    uint8_t input[INPUT_BYTES];
    size_t input_count;
    // Acknowledgements in the order of their messages; the first `closed_count` bytes belong to the closed group.
    uint8_t *acknowledgements;
    size_t acknowledgement_count;
    size_t closed_count;
    // The connection is listed in the open group.
    int is_waiting;
} connection;

typedef struct {
    uint8_t *bytes;
    size_t count;
    connection *waiting[CONNECTIONS_MAX];
    int waiting_count;
} group;

typedef enum { IDLE, WRITING, WRITTEN } journal_state;

static group groups[2];
static int open_group;
static journal_state state;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int journal_descriptor;
static int written_event;
static EVP_CIPHER_CTX *cipher;
static uint64_t sealed;

static void fail(const char *what) {
    fprintf(stderr, "bare-limit: %s: %s\n", what, strerror(errno));
    exit(7);
}

// Writes every closed group, syncs it, and says so.
static void *journal(void *unused) {
    (void)unused;
    off_t offset = 0;
    for (;;) {
        pthread_mutex_lock(&mutex);
        while (state != WRITING) pthread_cond_wait(&changed, &mutex);
        group *closed = &groups[1 - open_group];
        pthread_mutex_unlock(&mutex);

        // The file is a ring: nothing reads it back, and a file that grows would pay for its metadata.
        if (offset + (off_t)closed->count > JOURNAL_BYTES) offset = 0;
        for (size_t done = 0; done < closed->count;) {
            ssize_t count = pwrite(journal_descriptor, closed->bytes + done, closed->count - done, offset + (off_t)done);
            if (count < 0) fail("write");
            done += (size_t)count;
        }
        offset += (off_t)closed->count;
        if (fdatasync(journal_descriptor) != 0) fail("fdatasync");

        pthread_mutex_lock(&mutex);
        state = WRITTEN;
        pthread_mutex_unlock(&mutex);
        uint64_t one = 1;
        if (write(written_event, &one, sizeof one) != sizeof one) fail("eventfd");
    }
    return NULL;
}

// Closes the open group if the journal is free and something waits.
static void close_group(void) {
    group *open = &groups[open_group];
    if (state != IDLE || open->count == 0) return;
    for (int i = 0; i < open->waiting_count; i++) {
        open->waiting[i]->closed_count = open->waiting[i]->acknowledgement_count;
        open->waiting[i]->is_waiting = 0;
    }
    pthread_mutex_lock(&mutex);
    open_group = 1 - open_group;
    groups[open_group].count = 0;
    groups[open_group].waiting_count = 0;
    state = WRITING;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&mutex);
}

// Sends the acknowledgements of the group that is now on disk.
static void acknowledge(void) {
    uint64_t count;
    if (read(written_event, &count, sizeof count) != sizeof count) return;
    group *written = &groups[1 - open_group];
    for (int i = 0; i < written->waiting_count; i++) {
        connection *c = written->waiting[i];
        if (c->descriptor >= 0) send(c->descriptor, c->acknowledgements, c->closed_count, MSG_NOSIGNAL);
        c->acknowledgement_count -= c->closed_count;
        memmove(c->acknowledgements, c->acknowledgements + c->closed_count, c->acknowledgement_count);
        c->closed_count = 0;
    }
    pthread_mutex_lock(&mutex);
    state = IDLE;
    pthread_mutex_unlock(&mutex);
}

// Seals the variable header and payload of a PUBLISH into the open group: length, counter, ciphertext, tag.
static void seal(const uint8_t *body, size_t count) {
    group *open = &groups[open_group];
    if (open->count + RECORD_HEADER_BYTES + count + TAG_BYTES > GROUP_BYTES) {
        fprintf(stderr, "bare-limit: a group is larger than %d bytes: use smaller windows\n", GROUP_BYTES);
        exit(1);
    }
    uint8_t nonce[NONCE_BYTES] = {0};
    sealed++;
    memcpy(nonce + 4, &sealed, sizeof sealed);
    uint8_t *record = open->bytes + open->count;
    uint32_t length = (uint32_t)count;
    memcpy(record, &length, sizeof length);
    memcpy(record + sizeof length, &sealed, sizeof sealed);
    int written;
    EVP_EncryptInit_ex(cipher, NULL, NULL, NULL, nonce);
    EVP_EncryptUpdate(cipher, NULL, &written, record, RECORD_HEADER_BYTES);
    EVP_EncryptUpdate(cipher, record + RECORD_HEADER_BYTES, &written, body, (int)count);
    EVP_EncryptFinal_ex(cipher, record + RECORD_HEADER_BYTES + count, &written);
    EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_GCM_GET_TAG, TAG_BYTES, record + RECORD_HEADER_BYTES + count);
    open->count += RECORD_HEADER_BYTES + count + TAG_BYTES;
}

static void publish_received(connection *c, const uint8_t *body, size_t count) {
    if (count < 2) return;
    size_t topic_bytes = (size_t)(body[0] << 8 | body[1]);
    if (count < topic_bytes + 4 || c->acknowledgement_count + ACKNOWLEDGEMENT_BYTES > ACKNOWLEDGEMENTS_BYTES_MAX) return;
    seal(body, count);
    uint8_t *acknowledgement = c->acknowledgements + c->acknowledgement_count;
    acknowledgement[0] = 0x40;
    acknowledgement[1] = 2;
    acknowledgement[2] = body[2 + topic_bytes];
    acknowledgement[3] = body[3 + topic_bytes];
    c->acknowledgement_count += ACKNOWLEDGEMENT_BYTES;
    if (!c->is_waiting) {
        group *open = &groups[open_group];
        c->is_waiting = 1;
        open->waiting[open->waiting_count++] = c;
    }
}

// Reads once and walks the whole packets that are there.
static void serve(connection *c) {
    ssize_t received = recv(c->descriptor, c->input + c->input_count, INPUT_BYTES - c->input_count, 0);
    if (received <= 0) {
        if (received < 0 && errno == EAGAIN) return;
        // The connection itself stays: a group may still list it.
        close(c->descriptor);
        c->descriptor = -1;
        return;
    }
    c->input_count += (size_t)received;
    size_t offset = 0;
    while (c->input_count - offset >= 2) {
        size_t length = 0, header = 1;
        int shift = 0, is_whole = 0;
        while (offset + header < c->input_count && shift <= 21) {
            uint8_t group_of_bits = c->input[offset + header++];
            length |= (size_t)(group_of_bits & 0x7F) << shift;
            shift += 7;
            if (!(group_of_bits & 0x80)) {
                is_whole = 1;
                break;
            }
        }
        if (!is_whole || c->input_count - offset < header + length) break;
        switch (c->input[offset] >> 4) {
        case 1: {
            static const uint8_t accepted[] = {0x20, 2, 0, 0};
            send(c->descriptor, accepted, sizeof accepted, MSG_NOSIGNAL);
            break;
        }
        case 3:
            publish_received(c, c->input + offset + header, length);
            break;
        }
        offset += header + length;
    }
    c->input_count -= offset;
    memmove(c->input, c->input + offset, c->input_count);
}

static void prepare_journal(const char *path) {
    journal_descriptor = open(path, O_CREAT | O_RDWR | O_TRUNC | O_CLOEXEC, 0600);
    if (journal_descriptor < 0) fail(path);
    // Written out, not only allocated: fdatasync then has no metadata to write.
    static uint8_t zeros[1 << 20];
    for (off_t offset = 0; offset < JOURNAL_BYTES; offset += sizeof zeros)
        if (pwrite(journal_descriptor, zeros, sizeof zeros, offset) != sizeof zeros) fail(path);
    if (fsync(journal_descriptor) != 0) fail(path);
}

static int listen_on_loopback(int port) {
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
    if (descriptor < 0) fail("socket");
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (bind(descriptor, (struct sockaddr *)&address, sizeof address) != 0 || listen(descriptor, 128) != 0) {
        fprintf(stderr, "bare-limit: port %d: %s\n", port, strerror(errno));
        exit(6);
    }
    return descriptor;
}

int main(int count, char **arguments) {
    if (count != 3) {
        fprintf(stderr, "usage: bare-limit PORT FILE\n");
        return 1;
    }
    prepare_journal(arguments[2]);
    for (int i = 0; i < 2; i++)
        if (!(groups[i].bytes = malloc(GROUP_BYTES))) fail("memory");
    static const uint8_t key[32] = {7};
    cipher = EVP_CIPHER_CTX_new();
    if (!cipher || !EVP_EncryptInit_ex(cipher, EVP_aes_256_gcm(), NULL, key, NULL)) fail("AES-256-GCM");
    int listener = listen_on_loopback(atoi(arguments[1]));
    written_event = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    int poller = epoll_create1(EPOLL_CLOEXEC);
    if (written_event < 0 || poller < 0) fail("epoll");
    // Events carry the connection; the listener and the journal are told apart by their own addresses.
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = &listener};
    epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event);
    event.data.ptr = &written_event;
    epoll_ctl(poller, EPOLL_CTL_ADD, written_event, &event);
    pthread_t thread;
    if (pthread_create(&thread, NULL, journal, NULL) != 0) fail("thread");
    fprintf(stderr, "bare-limit running\n");
    int connections = 0;
    for (;;) {
        struct epoll_event events[EVENTS_MAX];
        int ready = epoll_wait(poller, events, EVENTS_MAX, -1);
        for (int i = 0; i < ready; i++) {
            if (events[i].data.ptr == &written_event) {
                acknowledge();
            } else if (events[i].data.ptr == &listener) {
                int descriptor = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC), on = 1;
                if (descriptor < 0) continue;
                connection *c = connections < CONNECTIONS_MAX ? calloc(1, sizeof *c) : NULL;
                if (!c || !(c->acknowledgements = malloc(ACKNOWLEDGEMENTS_BYTES_MAX))) {
                    close(descriptor);
                    continue;
                }
                connections++;
                c->descriptor = descriptor;
                setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
                event.data.ptr = c;
                epoll_ctl(poller, EPOLL_CTL_ADD, descriptor, &event);
            } else {
                serve(events[i].data.ptr);
            }
        }
        close_group();
    }
}
