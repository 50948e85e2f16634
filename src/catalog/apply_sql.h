// Makes the database what a notification says. It takes the session of the caller's transaction and throws db::Error.
#pragma once

#include "audit/recorder.h"
#include "catalog/notification.h"
#include "db/session.h"
#include "names/ids.h"

namespace spectacles::catalog {

// Repositories and tags follow a push or a deletion at once, pulls are counted; with activity, and with what webhooks
// are to be told. Notifications may come late and in any order: an older one never undoes what a newer one, or a pass
// over the registry, has found. Where that cannot be told from times, a pass is asked for.
// Returns what is to be read now.
std::optional<Pushed> apply(db::Session& session, const audit::Recorder& recorder, RegistryId registry,
                            const Notification& notification, Time now);

}  // namespace spectacles::catalog
