// Takes alerts to whoever is to be told of them, on a thread of its own: a receiver that is slow or away
// holds up nobody, and hears of everything when it is back.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "shared/core/result.hpp"

namespace dits {

class AlertCourier {
 public:
  // Tells one; may block for seconds. It is called on the courier's thread, perhaps for a moment after the
  // courier is gone: what it needs it must own.
  using Post = std::function<Result<void>(const std::string& json)>;

  explicit AlertCourier(Post post,
                        std::chrono::milliseconds first_pause = std::chrono::seconds(5),
                        std::chrono::milliseconds longest_pause = std::chrono::minutes(5));
  // Gives up what is not told yet; does not wait for a receiver that is silent.
  ~AlertCourier();
  AlertCourier(const AlertCourier&) = delete;
  AlertCourier& operator=(const AlertCourier&) = delete;

  // Does not block. In this order, each until it was taken; of very many that wait the oldest are forgotten.
  void tell(std::string json);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace dits
