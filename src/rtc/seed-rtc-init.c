// SPDX-License-Identifier: MIT
#include <glib/gi18n-lib.h>
#include <gst/gst.h>

#include "seed-error.h"
#include "seed-rtc-peer.h"
#include "seed-rtc-teardown.h"

typedef struct
{
  const char *element;
  const char *package; /* where Debian has it */
} Needed;

static const Needed needed[] = {
  { "webrtcbin", "gstreamer1.0-plugins-bad" },   { "dtlsdec", "gstreamer1.0-plugins-bad" },
  { "dtlssrtpdec", "gstreamer1.0-plugins-bad" }, { "sctpenc", "gstreamer1.0-plugins-bad" },
  { "sctpdec", "gstreamer1.0-plugins-bad" },     { "nicesrc", "gstreamer1.0-nice" },
  { "nicesink", "gstreamer1.0-nice" },           { "rtpbin", "gstreamer1.0-plugins-good" },
  { "appsrc", "gstreamer1.0-plugins-base" },
};

/* GStreamer keeps the key and certificate that its first dtlsdec makes and gives them to all. */
static gpointer
make_certificate (gpointer data)
{
  GstElement *element = gst_element_factory_make ("dtlsdec", NULL);

  if (element != NULL)
    gst_object_unref (gst_object_ref_sink (element));

  seed_rtc_thread_ended ();
  return NULL;
}

static gpointer
start_certificate (gpointer data)
{
  seed_rtc_thread_begins ();
  g_thread_unref (g_thread_new ("seed-rtc-cert", make_certificate, NULL));

  return NULL;
}

gboolean
seed_rtc_init (GError **error)
{
  static GOnce certificate = G_ONCE_INIT;

  if (!gst_init_check (NULL, NULL, error))
    return FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (needed); i++)
    {
      g_autoptr (GstElementFactory) factory = gst_element_factory_find (needed[i].element);

      if (factory == NULL)
        {
          g_set_error (error, SEED_ERROR, SEED_CODE_FAILED,
                       _ ("GStreamer’s element “%s” is missing. On Debian it is in the package "
                          "%s."),
                       needed[i].element, needed[i].package);
          return FALSE;
        }
    }
  g_once (&certificate, start_certificate, NULL);

  return TRUE;
}
