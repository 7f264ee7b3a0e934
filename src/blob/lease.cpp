#include "blob/lease.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "blob/codes.h"
#include "blob/limits.h"

namespace batchyard::blob {

namespace {

using std::chrono::seconds;

bool is_guid(std::string_view text) {
  const std::string folded = fold(text);
  return folded.size() == 36 && std::ranges::all_of(folded, [](char letter) {
           return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'f') ||
                  letter == '-';
         });
}

Result<std::int64_t> number(const HttpRequest& request, std::string_view name,
                            std::int64_t otherwise) {
  const std::string_view text = request.header(name);
  if (text.empty()) return otherwise;
  const std::optional<std::int64_t> value = parse_integer(text);
  if (!value) return bad_header(name, text, "give a number of seconds");
  return *value;
}

Result<> take(Lease& lease, const HttpRequest& request, std::string_view id, Time now) {
  const std::string_view text = request.header("x-ms-lease-duration");
  if (text.empty())
    return refused("MissingRequiredHeader", "x-ms-lease-duration: 15 to 60 seconds, or -1.",
                   {{"HeaderName", "x-ms-lease-duration"}});
  const std::int64_t duration = TRY(number(request, "x-ms-lease-duration", 0));
  if (duration != -1 && (duration < lease_min.count() || duration > lease_max.count()))
    return bad_header("x-ms-lease-duration", text, "give 15 to 60 seconds, or -1 for no end");
  lease = Lease{std::string(id), duration, now + seconds(std::max<std::int64_t>(duration, 0)),
                false, Time()};
  return Done();
}

Result<LeaseAnswer> acquire(Lease& lease, const HttpRequest& request, std::string_view new_id,
                            Time now) {
  const std::string_view proposed = request.header("x-ms-proposed-lease-id");
  if (!proposed.empty() && !is_guid(proposed))
    return bad_header("x-ms-proposed-lease-id", proposed, "give a GUID");
  const LeaseState state = state_of(lease, now);
  if (state == LeaseState::breaking && same_folded(proposed, lease.id))
    return refused("LeaseIsBreakingAndCannotBeAcquired");
  const bool held = state == LeaseState::leased || state == LeaseState::breaking;
  if (held && !same_folded(proposed, lease.id)) return refused("LeaseAlreadyPresent");
  TRY(take(lease, request, proposed.empty() ? new_id : proposed, now));
  return LeaseAnswer{201, lease.id, -1};
}

Result<> check_own(const Lease& lease, std::string_view given, Time now) {
  if (given.empty())
    return refused("MissingRequiredHeader", "x-ms-lease-id: the lease that is meant.",
                   {{"HeaderName", "x-ms-lease-id"}});
  if (state_of(lease, now) == LeaseState::available)
    return refused("LeaseNotPresentWithLeaseOperation");
  if (!same_folded(given, lease.id)) return refused("LeaseIdMismatchWithLeaseOperation");
  return Done();
}

Result<LeaseAnswer> renew(Lease& lease, std::string_view given, Time now) {
  TRY(check_own(lease, given, now));
  if (lease.breaking) return refused("LeaseIsBrokenAndCannotBeRenewed");
  lease.until = now + seconds(std::max<std::int64_t>(lease.duration, 0));
  return LeaseAnswer{200, lease.id, -1};
}

Result<LeaseAnswer> change(Lease& lease, const HttpRequest& request, std::string_view given,
                           Time now) {
  const std::string_view proposed = request.header("x-ms-proposed-lease-id");
  if (!is_guid(proposed)) return bad_header("x-ms-proposed-lease-id", proposed, "give a GUID");
  const LeaseState state = state_of(lease, now);
  if (state == LeaseState::breaking) return refused("LeaseIsBreakingAndCannotBeChanged");
  if (state != LeaseState::leased) return refused("LeaseNotPresentWithLeaseOperation");
  if (!same_folded(proposed, lease.id)) TRY(check_own(lease, given, now));
  lease.id = proposed;
  return LeaseAnswer{200, lease.id, -1};
}

Result<LeaseAnswer> break_off(Lease& lease, const HttpRequest& request, Time now) {
  const LeaseState state = state_of(lease, now);
  if (state == LeaseState::available) return refused("LeaseNotPresentWithLeaseOperation");
  const std::int64_t period = TRY(number(request, "x-ms-lease-break-period", -1));
  if (period > lease_max.count())
    return bad_header("x-ms-lease-break-period", request.header("x-ms-lease-break-period"),
                      "give 0 to 60 seconds");
  // How long the lease would have gone on: no break takes longer.
  const auto left = [&](Time end) {
    return std::max<std::int64_t>(0, std::chrono::ceil<seconds>(end - now).count());
  };
  std::int64_t wait = 0;
  if (state == LeaseState::breaking)
    wait = period < 0 ? left(lease.broken) : std::min(period, left(lease.broken));
  else if (state == LeaseState::leased && lease.duration < 0)
    wait = std::max<std::int64_t>(period, 0);
  else if (state == LeaseState::leased)
    wait = period < 0 ? left(lease.until) : std::min(period, left(lease.until));
  lease.breaking = true;
  lease.broken = now + seconds(wait);
  return LeaseAnswer{202, {}, static_cast<int>(wait)};
}

std::unexpected<Error> mismatch(Leased what) {
  return what == Leased::blob ? refused("LeaseIdMismatchWithBlobOperation")
                              : refused("LeaseIdMismatchWithContainerOperation");
}

}  // namespace

LeaseState state_of(const Lease& lease, Time now) {
  if (lease.id.empty()) return LeaseState::available;
  if (lease.breaking) return now < lease.broken ? LeaseState::breaking : LeaseState::broken;
  return lease.duration < 0 || now < lease.until ? LeaseState::leased : LeaseState::expired;
}

std::string_view word_of(LeaseState state) {
  switch (state) {
    case LeaseState::available:
      return "available";
    case LeaseState::leased:
      return "leased";
    case LeaseState::expired:
      return "expired";
    case LeaseState::breaking:
      return "breaking";
    case LeaseState::broken:
      return "broken";
  }
  return "available";
}

Result<> check_lease(const Lease& lease, std::string_view given, Leased what, Time now) {
  const LeaseState state = state_of(lease, now);
  const bool held = state == LeaseState::leased || state == LeaseState::breaking;
  if (held && given.empty()) return refused("LeaseIdMissing");
  return check_lease_named(lease, given, what, now);
}

Result<> check_lease_named(const Lease& lease, std::string_view given, Leased what, Time now) {
  if (given.empty()) return Done();
  const LeaseState state = state_of(lease, now);
  if (state == LeaseState::available)
    return what == Leased::blob ? refused("LeaseNotPresentWithBlobOperation")
                                : refused("LeaseNotPresentWithContainerOperation");
  if (!same_folded(given, lease.id)) return mismatch(what);
  if (state == LeaseState::expired || state == LeaseState::broken) return refused("LeaseLost");
  return Done();
}

Result<LeaseAnswer> change_lease(Lease& lease, const HttpRequest& request, std::string_view new_id,
                                 Time now) {
  const std::string action = fold(request.header("x-ms-lease-action"));
  const std::string_view given = request.header("x-ms-lease-id");
  if (action == "acquire") return acquire(lease, request, new_id, now);
  if (action == "renew") return renew(lease, given, now);
  if (action == "change") return change(lease, request, given, now);
  if (action == "break") return break_off(lease, request, now);
  if (action != "release")
    return bad_header("x-ms-lease-action", action, "give acquire, renew, change, release or break");
  TRY(check_own(lease, given, now));
  lease = Lease();
  return LeaseAnswer{};
}

}  // namespace batchyard::blob
