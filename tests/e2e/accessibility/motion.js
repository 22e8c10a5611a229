// What moves although the person has asked for no motion. What only comes after a while, at once, does not move.
return document.getAnimations()
  .filter((animation) => animation.playState === "running" && animation.effect.getComputedTiming().duration > 0)
  .map((animation) => `${animation.animationName ?? animation.transitionProperty} moves ${animation.effect.target.className}`);
