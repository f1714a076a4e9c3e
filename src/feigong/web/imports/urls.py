"""Addresses of imports."""

from __future__ import annotations

from django.urls import path

from feigong.web.imports import deciding, looking, views

app_name = "imports"
urlpatterns = [
    path("", views.imports, name="list"),
    path("new/", views.new, name="new"),
    path("<int:number>/", views.detail, name="detail"),
    path("<int:number>/part/", views.part, name="part"),
    path("<int:number>/files/", views.add, name="add"),
    path("<int:number>/files/<int:file>/remove/", views.remove, name="remove"),
    path("<int:number>/files/<int:file>/annotated/", looking.annotated, name="annotated"),
    path("<int:number>/describe/", views.describe, name="describe"),
    path("<int:number>/sheets/<int:sheet>/", views.tell, name="tell"),
    path("<int:number>/check/", views.check, name="check"),
    path("<int:number>/apply/", views.apply, name="apply"),
    path("<int:number>/take-back/", views.take_back, name="take_back"),
    path("<int:number>/abandon/", views.abandon, name="abandon"),
    path("<int:number>/items/", looking.items, name="items"),
    path("<int:number>/problems/", looking.problems, name="problems"),
    path("<int:number>/rows/", looking.rows, name="rows"),
    path("<int:number>/items/choose/", deciding.choose, name="choose"),
    path("<int:number>/fields/", deciding.fields, name="fields"),
    path("<int:number>/problems/<int:problem>/answer/", deciding.answer, name="answer"),
    path("<int:number>/problems/take/", deciding.take, name="take"),
]
