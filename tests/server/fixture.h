// SPDX-License-Identifier: MIT
#pragma once

/* A real server on a thread of its own, on loopback and a free port, and clients that block. What a
 * client waits for comes within TEST_SECONDS, or the test fails. */

#include "seed-message.h"
#include "seed-server.h"

#define TEST_SECONDS 10

typedef struct _TestServer TestServer;
typedef struct _TestClient TestClient;

/** Starts a server; then come names and values of settings, and %NULL. */
TestServer *test_server_start (const char *first, ...) G_GNUC_NULL_TERMINATED;
void test_server_stop (TestServer *self);
guint16 test_server_get_port (TestServer *self);

/** (transfer full): the whole answer to a GET of @path; @headers end with CR and LF each. */
char *test_server_get (TestServer *self, const char *path, const char *headers);

/** (transfer full): the whole answer to @request, which is sent as it is. */
char *test_server_ask (TestServer *self, const char *request);

/** The number that /metrics gives for @name. */
guint64 test_server_metric (TestServer *self, const char *name);

/** A connection to @port from @source, such as "127.0.0.2"; nothing is sent yet. */
TestClient *test_client_connect (guint16 port, const char *source);

/** As test_client_connect(), but (nullable): %NULL where the server resets it at once. */
TestClient *test_client_try_connect (guint16 port, const char *source);

/** A WebSocket from @source; @headers, (nullable), are added to its request. */
TestClient *test_client_open_from (TestServer *server, const char *source, const char *headers);
TestClient *test_client_open (TestServer *server);

/** Breaks the connection off. */
void test_client_free (TestClient *self);

/** Asks for a WebSocket, and is given one. */
void test_client_upgrade (TestClient *self, const char *headers);

void test_client_write (TestClient *self, const void *data, gsize length);

/** As test_client_write(), but returns whether the server still took it. */
gboolean test_client_try_write (TestClient *self, const void *data, gsize length);

/** (transfer full): everything up to the end of the connection. */
char *test_client_read_all (TestClient *self);

/** (transfer full): the head of an answer, up to its empty line. */
char *test_client_read_head (TestClient *self);

/** Whether the server ends the connection within @seconds; what it says before is dropped. */
gboolean test_client_wait_end (TestClient *self, guint seconds);

/** Sends one frame; @first is its first byte, with FIN and the opcode. */
void test_client_frame (TestClient *self, guint8 first, const void *data, gsize length);

/** Sends the text of one message. */
void test_client_say (TestClient *self, const char *text);
void test_client_sayf (TestClient *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

/** (transfer full) (nullable): the next message, checked against the protocol; pings are answered
 * meanwhile. %NULL at the end. */
SeedMessage *test_client_hear (TestClient *self);

/** (transfer full): the next message, which has to be of @type. */
SeedMessage *test_client_expect (TestClient *self, SeedMessageType type);

/** As test_client_expect(), for messages whose type says it all. */
void test_client_expect_only (TestClient *self, SeedMessageType type);

/** The next message is "error" with @code, and then comes the end. */
void test_client_expect_error (TestClient *self, SeedCode code);

/** The next message is "gone" with @code, and then comes the end. */
void test_client_expect_gone (TestClient *self, SeedCode code);

/** Nothing more is said before the connection ends. */
void test_client_expect_end (TestClient *self);

/** An owner with a new share, whose id goes to @share and whose token to @token, (nullable). */
TestClient *test_owner_open (TestServer *server, char **share, char **token);

/** A receiver that has joined @share as @peer. */
TestClient *test_receiver_open (TestServer *server, const char *share, const char *peer);

#define TEST_PEER_A "AAAAAAAAAAAAAAAAAAAAAA"
#define TEST_PEER_B "BBBBBBBBBBBBBBBBBBBBBB"
#define TEST_SEALED "c2VhbGVkLXNlYWxlZC1zZWFsZWQtc2VhbGVkLXNlYWxlZC1zZWFsZWQtc2VhbGVk"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestServer, test_server_stop)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestClient, test_client_free)
