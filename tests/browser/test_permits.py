"""Who is refused the album or the clipboard hears what to do, and goes on from there."""

from __future__ import annotations

from tests.browser.conftest import OpenPhone
from tests.browser.town import Town


def test_a_poster_is_kept_once_the_album_was_opened_in_the_settings(phone: OpenPhone, town: Town) -> None:
    mine = phone("李姐", f"leader/pages/poster/poster?id={town.campaign_id}")
    mine.tap("存到相册")
    mine.tap("拒绝")
    mine.sees("您之前没有允许保存到相册")
    mine.tap("不用了")
    mine.tap("存到相册")
    mine.tap("去设置")
    mine.tap("保存到相册")
    mine.tap("确定")
    mine.sees("已存到相册")


def test_what_is_copied_needs_the_guide_to_be_agreed_to(phone: OpenPhone) -> None:
    mine = phone("张阿姨", "pages/me/me")
    mine.tap("更多")
    mine.tap("设置")
    mine.tap("同意隐私保护指引")
    mine.tap("确定")
    mine.tap("群里下单的绑定码", exact=False)
    mine.tap("复制")
    mine.sees("复制要您先同意微信上的隐私保护指引")
    mine.tap("去同意")
    mine.tap("同意")
    mine.sees("内容已复制")


def test_a_camera_that_the_phone_keeps_back_is_explained(phone: OpenPhone) -> None:
    mine = phone("小林", "station/pages/join/join")
    mine.tap("更多")
    mine.tap("设置")
    mine.tap("手机让微信用相机和相册")
    mine.tap("确定")
    mine.tap("南门驿站")
    mine.tap("扫码")
    mine.sees("到手机的“设置 → 微信”里打开权限")
