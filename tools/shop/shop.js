/* The cart counts, and does nothing else. */
document.querySelector('.buy').onclick = event => {
  const cart = document.querySelector('.cart');
  cart.textContent = cart.dataset.word + ' (' + (cart.dataset.n = +(cart.dataset.n || 0) + 1) + ')';
};
